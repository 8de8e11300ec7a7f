/** Whether the complete fault tests run (FAULTS=whole), or only the part that `npm test` runs. */
export const IS_WHOLE = process.env.FAULTS === 'whole';

/** Prints the progress of a long test. The short part needs none. */
export function progress(text: string): void {
  if (IS_WHOLE) process.stderr.write(`  ${new Date().toISOString().slice(11, 19)} ${text}\n`);
}
