/** The fields of a log line besides its message. Never personal data. */
export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/**
 * Formats a structured line of the log: one JSON object, whose fields a query reads with `parse_json(Message)`. The Functions host
 * adds the time, the level and the function. Pass it to a log function of the invocation: `context.info(logLine('…', { … }))`.
 */
export function logLine(message: string, fields: LogFields): string {
  return JSON.stringify({ message, ...fields });
}
