import { logLine } from './log-line.ts';
import { retryCount } from './metrics.ts';

/** A retry. */
export interface Retry {
  readonly component: 'commands' | 'projections' | 'read-database' | 'search' | 'write-database';
  /** Another writer was faster (`conflict`, `duplicate`), or why the work could not be done. */
  readonly reason: string;
  /** How many commands, documents or events. */
  readonly count: number;
}

/** Counts a retry, and logs it in one line at level `debug`, because an outage is logged separately. */
export function reportRetry({ component, reason, count }: Retry): void {
  retryCount.add(count, { component, reason });
  console.debug(logLine(`Retry in ${component}: ${reason}`, { component, reason, count }));
}
