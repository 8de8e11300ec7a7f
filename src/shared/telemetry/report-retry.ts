import { logLine } from './log-line.ts';
import { retryCount } from './metrics.ts';

/** Work that is done again. */
export interface Retry {
  readonly component: 'commands' | 'projections' | 'read-database' | 'write-database';
  /** Somebody else was faster (`conflict`, `duplicate`), or why the work could not be done. */
  readonly reason: string;
  /** How many commands, documents or events. */
  readonly count: number;
}

/** Counts work that is done again, and logs it in one line, as `debug`: an outage has lines of its own. */
export function reportRetry({ component, reason, count }: Retry): void {
  retryCount.add(count, { component, reason });
  console.debug(logLine(`Retry in ${component}: ${reason}`, { component, reason, count }));
}
