/** Whether the whole of the fault tests was asked for (FAULTS=whole), or the slice of it that `npm test` runs. */
export const IS_WHOLE = process.env.FAULTS === 'whole';

/** Says how far a long test is. A slice is over before anyone asks. */
export function progress(text: string): void {
  if (IS_WHOLE) process.stderr.write(`  ${new Date().toISOString().slice(11, 19)} ${text}\n`);
}
