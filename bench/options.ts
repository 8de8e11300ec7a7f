import { readOptions } from '../scripts/cli/read-options.ts';
import { SECTIONS } from './sections.ts';

export const USAGE = `Measures costs and rates against the local stand-ins for Azure, prints one table, and writes docs/benchmarks.md. Takes less than ten
minutes on two quiet cores.

  npm run bench [-- options]

  --quick           fewer rounds and smaller sizes: less than a minute. Writes no file unless --write is given, too
  --full            the largest sizes, too: 100,000 orders, and 1,000,000 in the write store. Takes an hour or so
  --only <section>  measures a part; can be repeated. Writes no file unless --write is given, too
  --write           writes docs/benchmarks.md also after a part or a quick run
  --list            lists the sections
  --help            shows this help

Sections: ${[...SECTIONS.keys()].join(', ')}.

Progress goes to standard error. A section that fails or takes too long is reported as not measured; the others are measured all the same.`;

const ROUNDS = 5;
const QUICK_ROUNDS = 2;

export interface BenchOptions {
  readonly help: boolean;
  readonly list: boolean;
  readonly quick: boolean;
  readonly full: boolean;
  /** Names of the sections to measure, in the order of the report. */
  readonly sections: readonly string[];
  readonly write: boolean;
  readonly rounds: number;
  /** The command line, for the document. */
  readonly command: string;
}

/** Parses the command line. If it is invalid, prints one sentence and exits with code 2. */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = readOptions({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      write: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { quick, full, only, help, list } = values;
  const unknown = only?.find((name) => !SECTIONS.has(name));
  if (unknown !== undefined) {
    console.error(`There is no section ${unknown}. Sections: ${[...SECTIONS.keys()].join(', ')}.`);
    process.exit(2);
  }
  return {
    ...{ quick, full, help, list },
    sections: [...SECTIONS.keys()].filter((name) => only === undefined || only.includes(name)),
    write: values.write || (!quick && only === undefined),
    rounds: quick ? QUICK_ROUNDS : ROUNDS,
    command: ['npm run bench', ...(args.length === 0 ? [] : ['--', ...args])].join(' '),
  };
}
