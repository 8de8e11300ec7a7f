/** The run cannot go on; the message says why, and what to do. What was done so far is still reported. */
export class ImportStopped extends Error {
  override readonly name = 'ImportStopped';
}
