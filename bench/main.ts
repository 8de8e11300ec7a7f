/** Measures what the system costs: `npm run bench`. */
import { writeFile } from 'node:fs/promises';
import { NOTHING_KEPT, openKeptResults } from './kept-results.ts';
import { measureSections } from './measure-sections.ts';
import { readBenchOptions, USAGE } from './options.ts';
import { benchmarksDocument } from './report/document.ts';
import { thisMachine } from './report/machine.ts';
import { figureTable } from './report/table.ts';
import { SECTIONS } from './sections.ts';

const FILE = 'docs/benchmarks.md';

const options = readBenchOptions(process.argv.slice(2));
if (options.help) console.log(USAGE);
else if (options.list) console.log([...SECTIONS].map(([name, { title }]) => `${name}: ${title}`).join('\n'));
else await run();

async function run(): Promise<void> {
  const { quick, full, rounds, sections: names, write, isPart, resume, command } = options;
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  const startedAt = performance.now();
  const say = (line: string) =>
    console.error(`${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4)} s  ${line}`);
  const machine = thisMachine();
  const kept = isPart ? NOTHING_KEPT : await openKeptResults({ quick, full }, resume);
  const sections = await measureSections(names, { quick, full, rounds, say }, { stopping: stopping.signal, kept });
  console.log(figureTable(sections));
  if (stopping.signal.aborted) {
    process.exitCode = 1;
    return;
  }
  if (!write) return;
  await writeFile(FILE, benchmarksDocument({ machine, at: new Date().toISOString(), command, sections }));
  console.error(`Wrote ${FILE}.`);
}
