import { explainFault } from '../../local/start-fault.ts';

/** Runs a step of a script. A fault of the data folder is reported in one sentence, with exit code 1; other errors are thrown. */
export async function explained(folder: string, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    const explanation = explainFault(error, folder);
    if (explanation === undefined) throw error;
    console.error(explanation);
    process.exitCode = 1;
  }
}
