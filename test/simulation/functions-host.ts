import type { AppFunction } from '../../src/shared/functions/app-function.ts';
import { runTimer } from './edges/timers.ts';
import { runTriggers } from './edges/trigger.ts';
import type { Process } from './kernel/process.ts';
import type { World } from './kernel/world.ts';
import type { Services } from './services.ts';

/** Timers that need what is not simulated: the lag of the consumer groups. */
const LEFT_OUT: ReadonlySet<string> = new Set(['recordLag']);

/** What the functions of a process run with. */
export interface FunctionsHost {
  readonly world: World;
  readonly process: Process;
  readonly services: Services;
}

/** Runs the timers and triggers of an app, as the Functions host does. */
export function runFunctions({ world, process, services }: FunctionsHost, functions: readonly AppFunction[]): void {
  const { locks } = services;
  for (const entry of functions) {
    if (entry.trigger === 'timer' && !LEFT_OUT.has(entry.name)) void runTimer({ world, process, locks }, entry);
  }
  const consumers = functions.filter((entry) => entry.trigger === 'eventHub');
  for (const [name, entries] of Map.groupBy(consumers, ({ options }) => options.eventHubName)) {
    void runTriggers({ world, process, hub: services.hubNamed(name) }, entries);
  }
}
