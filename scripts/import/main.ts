import { findToken, HOW_TO_GET_A_TOKEN } from '../cli/token.ts';
import { createApiClient } from './api-client.ts';
import { BadFile } from './bad-file.ts';
import { ImportStopped } from './import-stopped.ts';
import { type ImportOptions, readCommandLine, USAGE } from './options.ts';
import { createProgress } from './progress.ts';
import { type InvoiceFile, readInvoices } from './read-invoices.ts';
import { formatReport, isSuccess } from './report.ts';
import { importInvoices } from './run.ts';
import { describeSplits, splitInvoice } from './split-invoice.ts';
import { createTally, isEmpty } from './tally.ts';

/** The command's output streams, environment variables and interrupt signal. */
export interface CliContext {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}

const OK = 0;
const FAILED = 1;
const WRONG_INPUT = 2;

/** Maximum number of notes about the file that are shown. */
const MAX_SHOWN_NOTES = 20;

/** Runs the command: reads the whole file, imports it and prints the report. Returns the exit code. */
export async function main(args: readonly string[], context: CliContext): Promise<number> {
  const { stdout, stderr, env } = context;
  const commandLine = readCommandLine(args);
  switch (commandLine.kind) {
    case 'help':
      stdout.write(`${USAGE}\n`);
      return OK;
    case 'wrong':
      stderr.write(`${commandLine.message}\n`);
      return WRONG_INPUT;
    case 'run': {
      const { options } = commandLine;
      const file = await readFile(options, stderr);
      if (file === undefined) return WRONG_INPUT;
      const { token: fromCommandLine, url, data } = options;
      const token = await findToken({ fromCommandLine, fromEnvironment: env.IMPORT_TOKEN, url, data });
      if (token === undefined) {
        stderr.write(`The import requires a token with the admin role. ${HOW_TO_GET_A_TOKEN}\n`);
        return WRONG_INPUT;
      }
      return importFile(options, token, file, context);
    }
  }
}

async function readFile(options: ImportOptions, stderr: NodeJS.WritableStream): Promise<InvoiceFile | undefined> {
  try {
    return await readInvoices(options.file, options.dateOrder);
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    stderr.write(`${options.file} cannot be imported: ${error.message}. Nothing was sent.\n`);
    return undefined;
  }
}

async function importFile(
  { url, concurrency, limit }: ImportOptions,
  token: string,
  { invoices, skipped, warnings }: InvoiceFile,
  { stdout, stderr, signal }: CliContext,
): Promise<number> {
  const chosen = invoices.slice(0, limit);
  const orders = chosen.flatMap(splitInvoice);
  writeNotes([...warnings, ...describeSplits(chosen)], stderr);
  const client = createApiClient({ url, token });
  const progress = createProgress(stderr);
  const tally = createTally();
  const stopped = await importInvoices({ client, concurrency, signal, progress, tally }, orders, invoices).then(
    () => undefined,
    (error: unknown) => stopReason(error, signal),
  );
  if (stopped !== undefined) stderr.write(`${stopped}\n`);
  // Stopped before any result: a report of zeros would hide the reason.
  if (stopped !== undefined && isEmpty(tally)) return FAILED;
  const result = { tally, skipped, wanted: orders.length, retries: client.retries() };
  stdout.write(`${formatReport(result)}\n`);
  return stopped === undefined && isSuccess(result) ? OK : FAILED;
}

/** Writes one line for each note. A file may have very many, so the rest is only counted. */
function writeNotes(notes: readonly string[], stderr: NodeJS.WritableStream): void {
  for (const note of notes.slice(0, MAX_SHOWN_NOTES)) stderr.write(`${note}\n`);
  if (notes.length > MAX_SHOWN_NOTES) stderr.write(`And ${notes.length - MAX_SHOWN_NOTES} more such lines.\n`);
}

function stopReason(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'Interrupted. The report covers the work so far. Run the import again to continue.';
  if (error instanceof ImportStopped) return error.message;
  throw error;
}

/** Aborts on the first Ctrl-C. npm forwards a second SIGINT within milliseconds; one after that ends the process immediately. */
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
