/** A thread that runs seeds, optionally with a fault planted in the source code. */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { PlantedFault } from './planted-fault.ts';

/** What a thread reports about a seed. */
export interface SeedReport {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly events: number;
  readonly steps: number;
  /** Kind of fault, step, and how often they met. */
  readonly coverage: readonly (readonly [kind: string, step: string, times: number])[];
}

const planted: PlantedFault | undefined = workerData.planted;
if (planted !== undefined) plant(planted);

// Loaded after the fault is planted.
const { simulate } = await import('../simulate.ts');

parentPort?.on('message', async (seed: number) => {
  parentPort?.postMessage(await report(seed));
});

async function report(seed: number): Promise<SeedReport> {
  const { violations, events, steps, coverage } = await simulate({ seed });
  const met = [...coverage].flatMap(([kind, of]) => [...of].map(([step, times]) => [kind, step, times] as const));
  return { seed, violations, events, steps, coverage: met };
}

function plant({ file, search, replacement }: PlantedFault): void {
  const target = pathToFileURL(file).href;
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      if (url !== target) return loaded;
      return { ...loaded, source: String(loaded.source).replace(search, () => replacement) };
    },
  });
}
