import type { LogLevel } from './core-types.ts';
import { formatLine, type LogEntry } from './log-format.ts';

/** Writes one entry. `source` is a function's name or `host`; `category` selects the minimum level in host.json. */
export type Log = (
  level: LogLevel,
  entry: { readonly source: string; readonly category: string; readonly message: string },
) => void;

export const LOG_FORMATS = ['text', 'json'] as const;
/** `text` is for people, `json` for programs: one object per line. */
export type LogFormat = (typeof LOG_FORMATS)[number];

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'];

/**
 * Creates a log that writes one entry per line to stdout, and to stderr for `warning` and above.
 * @param minimumLevels host.json `logging.logLevel`. The longest matching category applies, else `default`. Without an entry, the
 * level is `information`, and `warning` for the host's own messages.
 */
export function createLog(minimumLevels: Readonly<Record<string, LogLevel>>, format: LogFormat): Log {
  const known: Readonly<Record<string, LogLevel>> = { Host: 'warning', default: 'information', ...minimumLevels };
  const stdout = lineWriter(process.stdout);
  return (level, { source, category, message }) => {
    if (rank(level) < rank(minimumLevel(category, known))) return;
    const isUrgent = rank(level) >= rank('warning');
    const stream = isUrgent ? process.stderr : process.stdout;
    const entry: LogEntry = { time: new Date().toISOString(), level, source, ...fieldsOf(message) };
    const line = `${format === 'json' ? JSON.stringify(entry) : formatLine(entry, stream)}\n`;
    if (!isUrgent) return stdout.write(line);
    stdout.flush(); // so that the lines stay in order
    stream.write(line);
  };
}

/** Writes the lines of a turn of the event loop together, because each write is a system call. Writes the last ones when the process exits. */
function lineWriter(stream: NodeJS.WritableStream) {
  let waiting = '';
  const flush = () => {
    if (waiting !== '') stream.write(waiting);
    waiting = '';
  };
  process.on('exit', flush);
  const write = (line: string) => {
    if (waiting === '') setImmediate(flush);
    waiting += line;
  };
  return { write, flush };
}

/** The fields of a message that is a JSON object; any other message is text. */
function fieldsOf(message: string): { readonly message: string; readonly [field: string]: unknown } {
  if (!message.startsWith('{"message":"')) return { message };
  try {
    return JSON.parse(message);
  } catch {
    return { message };
  }
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
