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

/** Races are part of optimistic concurrency. Everything else is a fault of a dependency. */
const RACES: ReadonlySet<string> = new Set(['conflict', 'duplicate']);

/** Counts work that is done again, and logs it in one line: lost races as `debug`, faults as `warn`. */
export function reportRetry({ component, reason, count }: Retry): void {
  retryCount.add(count, { component, reason });
  const line = logLine(`Retry in ${component}: ${reason}`, { component, reason, count });
  if (RACES.has(reason)) console.debug(line);
  else console.warn(line);
}
