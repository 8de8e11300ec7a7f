import type { LogLevel } from './core-types.ts';

/** Writes one entry. `source` is a function's name or `host`; `category` selects the minimum level in host.json. */
export type Log = (
  level: LogLevel,
  entry: { readonly source: string; readonly category: string; readonly message: string },
) => void;

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'];

/**
 * Creates a log that writes lines `[time] source: message` to stdout, and to stderr for `warning` and above.
 * @param minimumLevels host.json `logging.logLevel`. The longest matching category applies, else `default`. Without an entry, the
 * level is `information`, and `warning` for the host's own messages.
 */
export function createLog(minimumLevels: Readonly<Record<string, LogLevel>>): Log {
  const known: Readonly<Record<string, LogLevel>> = { Host: 'warning', default: 'information', ...minimumLevels };
  return (level, { source, category, message }) => {
    if (rank(level) < rank(minimumLevel(category, known))) return;
    const stream = rank(level) >= rank('warning') ? process.stderr : process.stdout;
    stream.write(`[${new Date().toISOString()}] ${source}: ${message}\n`);
  };
}

function minimumLevel(category: string, known: Readonly<Record<string, LogLevel>>): LogLevel {
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
