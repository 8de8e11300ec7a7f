import { format } from 'node:util';
import type { LogLevel } from './core-types.ts';
import type { Log } from './log.ts';

const LEVELS = {
  debug: 'debug',
  log: 'information',
  info: 'information',
  warn: 'warning',
  error: 'error',
} as const satisfies Partial<Record<keyof Console, LogLevel>>;

/** Turns what the app writes to the console, outside of invocations, into entries of the log, as the real host does. */
export function captureConsole(log: Log): void {
  for (const method of ['debug', 'log', 'info', 'warn', 'error'] as const) {
    console[method] = (...args: readonly unknown[]) =>
      log(LEVELS[method], { source: 'app', category: 'Function.Console', message: format(...args) });
  }
}
