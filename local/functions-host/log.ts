import type { LogLevel } from './core-types.ts';

/** Writes one entry: its source (a function's name or `host`) and its category in host.json's terms decide where and whether. */
export type Log = (
  level: LogLevel,
  entry: { readonly source: string; readonly category: string; readonly message: string },
) => void;

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'];

/**
 * A log of lines `[time] source: message` on stdout, or on stderr from `warning` up.
 * @param leastLevels host.json `logging.logLevel`; the longest category that fits decides, else `default`. Without an entry it
 * is `information`, for the host's own lines `warning`.
 */
export function createLog(leastLevels: Readonly<Record<string, LogLevel>>): Log {
  const known: Readonly<Record<string, LogLevel>> = { Host: 'warning', default: 'information', ...leastLevels };
  return (level, { source, category, message }) => {
    if (rank(level) < rank(leastLevel(category, known))) return;
    const stream = rank(level) >= rank('warning') ? process.stderr : process.stdout;
    stream.write(`[${new Date().toISOString()}] ${source}: ${message}\n`);
  };
}

function leastLevel(category: string, known: Readonly<Record<string, LogLevel>>): LogLevel {
  const segments = category.split('.');
  for (let length = segments.length; length > 0; length--) {
    const level = known[segments.slice(0, length).join('.')];
    if (level !== undefined) return level;
  }
  return known.default ?? 'information';
}

function rank(level: LogLevel): number {
  return LEVELS.indexOf(level);
}
