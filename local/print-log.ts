import { formatLine, type LogEntry } from './functions-host/log-format.ts';

/**
 * Returns a function that prints the host's output, whose log is JSON: on a terminal for people to read, elsewhere as it is. Lines that
 * are not of the log, such as a warning by Node, are printed as they are.
 */
export function logPrinter(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }): (line: string) => void {
  if (!stream.isTTY) return (line) => void stream.write(line);
  return (line) => {
    const entry = entryOf(line);
    stream.write(entry === undefined ? line : `${formatLine(entry, stream)}\n`);
  };
}

function entryOf(line: string): LogEntry | undefined {
  if (!line.startsWith('{"time":')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
