import { readUrl } from '../cli/api-url.ts';
import { parseOptions } from '../cli/read-options.ts';
import type { DateOrder } from './parse-date.ts';

export const USAGE = `Imports the UCI "Online Retail" or "Online Retail II" data set as orders over the HTTP API, then reads every order back.
docs/import.md lists the formats that are understood.

  npm run import -- <file.csv|.csv.gz> [options]

  --url <url>          URL of the API (default: http://localhost:7071/api)
  --concurrency <n>    concurrent requests, 1 to 256 (default: 16)
  --token <jwt>        bearer token with the admin role (default: the IMPORT_TOKEN environment variable; not needed for the local
                       system)
  --data <folder>      data folder of the local system (default: .data)
  --limit <n>          import only the first n invoices
  --date-order <order> month-first (12/1/2010 is 1 December) or day-first; needed only when no date in the file shows it
  --help               show this help

Safe to rerun: nothing is created twice. Exit code: 0 when every order exists and reads back equal, also when lines were
skipped, which the report says; 1 when something failed; 2 when the command line or the file is invalid (then nothing was sent).`;

export interface ImportOptions {
  readonly file: string;
  /** Without a trailing slash. */
  readonly url: string;
  readonly concurrency: number;
  /** Maximum number of invoices. Infinity without a limit. */
  readonly limit: number;
  readonly token: string | undefined;
  /** Data folder of the local system. Its development issuer signs a token when none is given. */
  readonly data: string;
  /** Undefined: the dates of the file decide. */
  readonly dateOrder: DateOrder | undefined;
}

export type CommandLine =
  | { readonly kind: 'run'; readonly options: ImportOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

/** Parses the command line. */
export function readCommandLine(args: readonly string[]): CommandLine {
  try {
    const { values, positionals } = parse(args);
    if (values.help === true) return { kind: 'help' };
    return { kind: 'run', options: toOptions(values, positionals) };
  } catch (error) {
    return { kind: 'wrong', message: error instanceof Error ? error.message : String(error) };
  }
}

function parse(args: readonly string[]) {
  return parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: 'string', default: 'http://localhost:7071/api' },
      concurrency: { type: 'string', default: '16' },
      limit: { type: 'string' },
      token: { type: 'string' },
      data: { type: 'string', default: '.data' },
      'date-order': { type: 'string' },
      help: { type: 'boolean' },
    },
  });
}

type Values = ReturnType<typeof parse>['values'];

function toOptions(values: Values, [file, ...more]: readonly string[]): ImportOptions {
  if (file === undefined) throw new Error('Specify the file to import. Try --help.');
  if (more.length > 0) throw new Error(`Specify only one file. Unexpected argument: ${more.join(', ')}. Try --help.`);
  return {
    file,
    url: readUrl(values.url),
    concurrency: readCount('concurrency', values.concurrency, 256),
    limit: values.limit === undefined ? Number.POSITIVE_INFINITY : readCount('limit', values.limit, 1e9),
    token: values.token,
    data: values.data,
    dateOrder: readDateOrder(values['date-order']),
  };
}

function readDateOrder(text: string | undefined): DateOrder | undefined {
  if (text === undefined || text === 'month-first' || text === 'day-first') return text;
  throw new Error(`--date-order must be month-first or day-first, not "${text}".`);
}

function readCount(name: string, text: string, max: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > max) throw new Error(`--${name} must be a whole number from 1 to ${max}, not "${text}".`);
  return count;
}
