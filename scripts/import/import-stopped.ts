/** The import cannot continue. The message gives the reason and the remedy. Completed work is still reported. */
export class ImportStopped extends Error {
  override readonly name = 'ImportStopped';
}
