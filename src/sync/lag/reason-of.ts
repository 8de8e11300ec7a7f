/** The message of an error, with the first line of its cause's message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error.cause instanceof Error)) return error.message;
  const [cause = ''] = error.cause.message.trim().split('\n', 1);
  return cause === '' ? error.message : `${error.message} Cause: ${cause}`;
}
