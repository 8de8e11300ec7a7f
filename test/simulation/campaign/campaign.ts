import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { PlantedFault } from './planted-fault.ts';
import type { SeedReport } from './worker.ts';

export interface CampaignOptions {
  readonly from: number;
  /** Number of seeds. */
  readonly seeds: number;
  readonly planted?: PlantedFault;
  /** Called after each seed. Returns false to end the campaign. */
  readonly onReport: (report: SeedReport) => boolean;
}

/** Runs consecutive seeds, as many at a time as there are cores. Rejects when a thread fails. */
export async function runCampaign({ from, seeds, planted, onReport }: CampaignOptions): Promise<void> {
  const end = from + seeds;
  let next = from;
  let isOver = false;
  const runThread = async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { planted } });
    try {
      while (!isOver && next < end) {
        const report = await runSeed(worker, next++);
        isOver ||= !onReport(report);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), seeds) }, runThread));
}

function runSeed(worker: Worker, seed: number): Promise<SeedReport> {
  const { promise, resolve, reject } = Promise.withResolvers<SeedReport>();
  worker.once('message', resolve).once('error', reject);
  worker.postMessage(seed);
  return promise.finally(() => worker.off('error', reject));
}
