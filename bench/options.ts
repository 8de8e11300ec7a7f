import { readOptions } from '../scripts/cli/read-options.ts';
import { SECTIONS, type Section } from './sections.ts';

/** Lists the names of some sections for a sentence. */
function namesOf(which: (section: Section) => boolean): string {
  const names = [...SECTIONS].filter(([, section]) => which(section)).map(([name]) => name);
  return new Intl.ListFormat('en').format(names);
}

/** The text of `--help`. */
export const USAGE = `Measures costs and rates against the local stand-ins for Azure, prints one table, and writes docs/benchmarks.md. Takes less than ten
minutes on two quiet cores.

  npm run bench [-- options]

  --quick           one round, smaller sizes and fewer sections: less than a minute. Writes no file without --write
  --full            all sections, and the largest sizes: 100,000 orders, and 1,000,000 in the write store. Takes half an hour or more
  --only <section>  one section; can be repeated. Writes no file without --write
  --write           writes docs/benchmarks.md after a quick or partial run, too
  --resume          reuses the sections that the last run without --only has measured, and measures the rest
  --list            lists the sections
  --help            shows this help

Sections: ${[...SECTIONS.keys()].join(', ')}.
--quick leaves out ${namesOf((section) => section.quick === false)}. Only --full includes ${namesOf((section) => section.onlyFull === true)}.
--only measures any section.

Progress goes to standard error. A section that fails or takes too long is reported as not measured, and does not affect the others.`;

const ROUNDS = 5;
const QUICK_ROUNDS = 1;

/** The parsed command line. */
export interface BenchOptions {
  readonly help: boolean;
  readonly list: boolean;
  readonly quick: boolean;
  readonly full: boolean;
  /** Names of the sections to measure, in the order of the report. */
  readonly sections: readonly string[];
  /** Whether `--only` selects some sections. */
  readonly isPart: boolean;
  readonly write: boolean;
  readonly resume: boolean;
  readonly rounds: number;
  /** The command line, for `docs/benchmarks.md`. */
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
      resume: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { quick, full, only, help, list, resume } = values;
  const unknown = only?.find((name) => !SECTIONS.has(name));
  if (unknown !== undefined) {
    console.error(`There is no section ${unknown}. Sections: ${[...SECTIONS.keys()].join(', ')}.`);
    process.exit(2);
  }
  return {
    ...{ quick, full, help, list, resume },
    sections:
      only === undefined ? usualSections({ quick, full }) : [...SECTIONS.keys()].filter((name) => only.includes(name)),
    isPart: only !== undefined,
    write: values.write || (!quick && only === undefined),
    rounds: quick ? QUICK_ROUNDS : ROUNDS,
    command: ['npm run bench', ...(args.length === 0 ? [] : ['--', ...args])].join(' '),
  };
}

function usualSections({ quick, full }: Pick<BenchOptions, 'quick' | 'full'>): readonly string[] {
  const usual = [...SECTIONS].filter(
    ([, section]) => (full || !section.onlyFull) && (!quick || section.quick !== false),
  );
  return usual.map(([name]) => name);
}
