/** A thread that runs seeds, optionally with a fault planted in the source code. */
import { enableCompileCache, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { Scenario } from '../kernel/world.ts';
import type { Outcome } from '../simulate.ts';
import type { PlantedFault } from './planted-fault.ts';

/** What a thread runs. */
export interface Run {
  readonly scenario: Scenario;
  /** Whether the report has a timeline. */
  readonly records?: boolean;
}

/** What a thread reports about a run. */
export interface SeedReport {
  readonly scenario: Scenario;
  readonly violations: readonly string[];
  readonly events: number;
  readonly steps: number;
  readonly faults: readonly string[];
  /** Kind of fault, step, and how often they met. */
  readonly coverage: readonly (readonly [kind: string, step: string, times: number])[];
  readonly timeline: Outcome['timeline'];
}

enableCompileCache();

const planted: PlantedFault | undefined = workerData.planted;
if (planted !== undefined) plant(planted);

// Loaded after the fault is planted.
const { simulate } = await import('../simulate.ts');

parentPort?.on('message', async (run: Run) => {
  parentPort?.postMessage(await report(run));
});

async function report({ scenario, records }: Run): Promise<SeedReport> {
  const { violations, events, steps, faults, coverage, timeline } = await simulate(scenario, records);
  const met = [...coverage].flatMap(([kind, of]) => [...of].map(([step, times]) => [kind, step, times] as const));
  return { scenario, violations, events, steps, faults, coverage: met, timeline };
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
