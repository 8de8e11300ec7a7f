import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { PlantedFault } from './planted-fault.ts';
import type { Run, SeedReport } from './worker.ts';

export interface CampaignOptions {
  readonly runs: readonly Run[];
  readonly planted?: PlantedFault;
  /** Runs at a time; by default as many as there are cores. */
  readonly threads?: number;
  /** Called after each run. Returns false to end the campaign. */
  readonly onReport: (report: SeedReport) => boolean;
}

/** Runs of consecutive seeds. */
export const seedsFrom = (from: number, count: number): readonly Run[] =>
  Array.from({ length: count }, (_, index) => ({ scenario: { seed: from + index } }));

/** Runs scenarios in their order. Rejects when a thread fails. */
export async function runCampaign({
  runs,
  planted,
  threads = availableParallelism(),
  onReport,
}: CampaignOptions): Promise<void> {
  const rest = runs.values();
  let isOver = false;
  const runThread = async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { planted } });
    try {
      for (const run of rest) {
        const report = await runOne(worker, run);
        isOver ||= !onReport(report);
        if (isOver) return;
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, runs.length) }, runThread));
}

function runOne(worker: Worker, run: Run): Promise<SeedReport> {
  const { promise, resolve, reject } = Promise.withResolvers<SeedReport>();
  worker.once('message', resolve).once('error', reject);
  worker.postMessage(run);
  return promise.finally(() => worker.off('error', reject));
}

/** Reads an option that is a whole number above 0. If it is not, prints one sentence and exits with code 2. */
export function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  console.error(`${option} must be a whole number above 0, not "${text}". Try --help.`);
  process.exit(2);
}
