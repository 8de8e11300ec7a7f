import { parseArgs } from 'node:util';
import { readUrl } from '../cli/api-url.ts';

export const USAGE = `Imports a file of the UCI "Online Retail" data set as orders, over the HTTP API, and reads every order back.

  npm run import -- <file.csv|.csv.gz> [options]

  --url <url>          the API (default http://localhost:7071/api)
  --concurrency <n>    requests at a time, 1 to 256 (default 16)
  --token <jwt>        a bearer token of role admin (default: the environment's IMPORT_TOKEN; for the system on this machine
                       none is needed)
  --data <folder>      of the system on this machine (default .data)
  --limit <n>          only the first n invoices
  --help               this text

It may be run again: what is there already is not made twice. Exit code: 0 when every order is there and reads back equal,
1 when something failed, 2 when the command line or the file is wrong (nothing was sent then).`;

export interface ImportOptions {
  readonly file: string;
  /** Without a slash at its end. */
  readonly url: string;
  readonly concurrency: number;
  /** Invoices; Infinity without a limit. */
  readonly limit: number;
  readonly token: string | undefined;
  /** Folder of the system on this machine, whose issuer signs a token when none is given. */
  readonly data: string;
}

export type CommandLine =
  | { readonly kind: 'run'; readonly options: ImportOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

/** Reads the command line. */
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
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: 'string', default: 'http://localhost:7071/api' },
      concurrency: { type: 'string', default: '16' },
      limit: { type: 'string' },
      token: { type: 'string' },
      data: { type: 'string', default: '.data' },
      help: { type: 'boolean' },
    },
  });
}

type Values = ReturnType<typeof parse>['values'];

function toOptions(values: Values, [file, ...more]: readonly string[]): ImportOptions {
  if (file === undefined) throw new Error('Name the file to import.');
  if (more.length > 0) throw new Error(`Name one file, not also ${more.join(', ')}.`);
  return {
    file,
    url: readUrl(values.url),
    concurrency: readCount('concurrency', values.concurrency, 256),
    limit: values.limit === undefined ? Number.POSITIVE_INFINITY : readCount('limit', values.limit, 1e9),
    token: values.token,
    data: values.data,
  };
}

function readCount(name: string, text: string, most: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > most) throw new Error(`--${name} must be a whole number from 1 to ${most}, not "${text}".`);
  return count;
}
