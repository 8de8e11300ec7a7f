import { findToken, HOW_TO_GET_A_TOKEN } from '../cli/token.ts';
import { createApiClient } from './api-client.ts';
import { BadFile } from './bad-file.ts';
import { ImportStopped } from './import-stopped.ts';
import { type ImportOptions, readCommandLine, USAGE } from './options.ts';
import { createProgress } from './progress.ts';
import { type InvoiceFile, readInvoices } from './read-invoices.ts';
import { formatReport, isSuccess } from './report.ts';
import { importInvoices } from './run.ts';
import { createTally, isUntouched } from './tally.ts';

/** What the command has of the world. */
export interface Surroundings {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}

const OK = 0;
const FAILED = 1;
const WRONG_INPUT = 2;

/** The command: reads the whole file first, then imports it and prints the report. Returns the exit code. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr, env } = surroundings;
  const commandLine = readCommandLine(args);
  switch (commandLine.kind) {
    case 'help':
      stdout.write(`${USAGE}\n`);
      return OK;
    case 'wrong':
      stderr.write(`${commandLine.message}\n\n${USAGE}\n`);
      return WRONG_INPUT;
    case 'run': {
      const { options } = commandLine;
      const file = await readFile(options, stderr);
      if (file === undefined) return WRONG_INPUT;
      const { token: fromCommandLine, url, data } = options;
      const token = await findToken({ fromCommandLine, fromEnvironment: env.IMPORT_TOKEN, url, data });
      if (token === undefined) {
        stderr.write(`The import needs a token of role admin. ${HOW_TO_GET_A_TOKEN}\n`);
        return WRONG_INPUT;
      }
      return importFile(options, token, file, surroundings);
    }
  }
}

async function readFile(options: ImportOptions, stderr: NodeJS.WritableStream): Promise<InvoiceFile | undefined> {
  try {
    return await readInvoices(options.file);
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    stderr.write(`${options.file} cannot be imported: ${error.message}. Nothing was sent.\n`);
    return undefined;
  }
}

async function importFile(
  { url, concurrency, limit }: ImportOptions,
  token: string,
  { invoices, skipped }: InvoiceFile,
  { stdout, stderr, signal }: Surroundings,
): Promise<number> {
  const chosen = invoices.slice(0, limit);
  const client = createApiClient({ url, token, signal });
  const progress = createProgress(stderr);
  const tally = createTally();
  const stopped = await importInvoices({ client, concurrency, signal, progress, tally }, chosen, invoices).then(
    () => undefined,
    (error: unknown) => whyStopped(error, signal),
  );
  if (stopped !== undefined) stderr.write(`${stopped}\n`);
  // Stopped by the first answer, or for want of one: a report of zeros would hide the sentence.
  if (stopped !== undefined && isUntouched(tally)) return FAILED;
  const result = { tally, skipped, wanted: chosen.length, retries: client.retries() };
  stdout.write(`${formatReport(result)}\n`);
  return stopped === undefined && isSuccess(result) ? OK : FAILED;
}

function whyStopped(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'Interrupted: this is the report so far. Run the import again to go on.';
  if (error instanceof ImportStopped) return error.message;
  throw error;
}

/** Aborts on the first Ctrl-C. npm passes a second one on within milliseconds; a later one ends the process at once. */
function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  let first = Number.POSITIVE_INFINITY;
  const interrupt = (): void => {
    if (performance.now() - first > 1_000) process.exit(FAILED);
    first = Math.min(first, performance.now());
    controller.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return controller.signal;
}

if (import.meta.main) {
  const { stdout, stderr, env } = process;
  process.exitCode = await main(process.argv.slice(2), { stdout, stderr, env, signal: abortOnInterrupt() });
}
