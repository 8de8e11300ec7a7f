import { inspect, styleText } from 'node:util';
import type { LogLevel } from './core-types.ts';

/** One entry of the log. Further fields depend on the message. */
export interface LogEntry {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly level: LogLevel;
  /** A function's name, or `host`. */
  readonly source: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

type Style = Parameters<typeof styleText>[0];

/** What a level looks like: five characters, and its color. */
const LOOKS: Readonly<Record<LogLevel, readonly [label: string, style: Style]>> = {
  trace: ['trace', 'gray'],
  debug: ['debug', 'gray'],
  information: ['info ', 'green'],
  warning: ['warn ', 'yellow'],
  error: ['error', 'red'],
  critical: ['fatal', 'red'],
  none: ['     ', 'gray'],
};

/**
 * Formats an entry for people: `12:03:04.123 info  placeOrder: POST /api/orders 202  ms=14`, with the time of day in UTC. In color if
 * the stream is a terminal, unless the NO_COLOR variable is set.
 */
export function formatLine(entry: LogEntry, stream: NodeJS.WritableStream): string {
  const { time, level, source, message, ...fields } = entry;
  const styled = (style: Style, text: string) => styleText(style, text, { stream });
  const [label, style] = LOOKS[level];
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined && !isIn(message, value))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : inspect(value)}`)
    .join(' ');
  const line = `${styled('gray', time.slice(11, 23))} ${styled(style, label)} ${styled('bold', source)}: ${message}`;
  return rest === '' ? line : `${line}  ${styled('gray', rest)}`;
}

/** Whether the message says it already. */
const isIn = (message: string, value: unknown): boolean => message.split(' ').includes(String(value));
