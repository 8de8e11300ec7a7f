import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { Effort } from './measuring/rounds.ts';
import type { SectionResult } from './report/figure.ts';
import { resultSchema } from './report/result-schema.ts';

const FILE = 'node_modules/.cache/orders-bench/results.json';

const file = z.object({ quick: z.boolean(), full: z.boolean(), results: z.array(resultSchema) });

/** Keeps the sections that a run has measured in a file, so that the next run can resume it. */
export interface KeptResults {
  get(name: string): SectionResult | undefined;
  add(result: SectionResult): Promise<void>;
}

/** Keeps nothing, for a run that cannot be resumed. */
export const NOTHING_KEPT: KeptResults = { get: () => undefined, add: async () => undefined };

/**
 * Opens the file of results.
 * @param effort only results of the same effort are reused
 * @param resume whether to start with the results of the last run
 */
export async function openKeptResults(
  { quick, full }: Pick<Effort, 'quick' | 'full'>,
  resume: boolean,
): Promise<KeptResults> {
  const results = new Map<string, SectionResult>();
  const last = resume ? await readResults() : undefined;
  if (last?.quick === quick && last.full === full) for (const result of last.results) results.set(result.name, result);
  await mkdir(dirname(FILE), { recursive: true });
  let written = Promise.resolve();
  return {
    get: (name) => results.get(name),
    add: async (result) => {
      results.set(result.name, result);
      const measured = [...results.values()].filter(({ missing }) => missing === undefined);
      written = written.then(() => writeFile(FILE, JSON.stringify({ quick, full, results: measured })));
      await written;
    },
  };
}

/** Resolves to undefined when the file does not exist, or was not written completely. */
async function readResults(): Promise<z.infer<typeof file> | undefined> {
  try {
    return file.safeParse(JSON.parse(await readFile(FILE, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
