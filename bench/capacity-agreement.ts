import { availableParallelism } from 'node:os';
import { LIVE_CONSUMER_GROUPS } from '../src/shared/event-hubs/hub.ts';
import { type CpuCosts, measureCpu } from './cpu-costs.ts';
import type { Effort } from './measuring/rounds.ts';
import { Simulation, Station } from './queueing.ts';
import { type Figure, measured, RATIO } from './report/figure.ts';
import { ratiosOf } from './report/statistics.ts';

const CLIENTS = 16;
const SIMULATED_SECONDS = 60;

/** Runs the local system at full load, and compares its throughput with that of the queueing model, which leaves out some waiting. */
export async function capacityFigures(effort: Effort): Promise<readonly Figure[]> {
  const rounds = await measureCpu(effort);
  const modelled = rounds.map((costs) => localThroughput(costs, availableParallelism()));
  const of = (part: keyof CpuCosts) => rounds.map((costs) => costs[part]);
  return [
    measured(
      'commands/s until projected, relative to the capacity model',
      ratiosOf(of('commandsPerSecond'), modelled),
      RATIO,
    ),
    measured('at full load: command app', of('perCommand'), 'CPU ms per command'),
    measured('at full load: sync app, in each consumer group', of('perEventAndGroup'), 'CPU ms per event'),
    measured('at full load: query app, GET of an order', of('perRead'), 'CPU ms per GET'),
  ];
}

/**
 * Commands per second of the local system at full load: each process does one thing at a time, and all of them share the cores.
 * @param cores of the machine
 */
export function localThroughput(costs: CpuCosts, cores: number): number {
  const simulation = new Simulation();
  const shared = new Station(simulation, { seconds: (ms) => ms / 1_000 / cores });
  const process = () => new Station(simulation, { seconds: (ms) => ms / 1_000 });
  const [client, commands, sync] = [process(), process(), process()];
  const use = (station: Station, ms: number, next: () => void) => station.arrive(ms, () => shared.arrive(ms, next));
  let projected = 0;
  const send = () =>
    use(client, costs.perCommandElsewhere, () =>
      use(commands, costs.perCommand, () => {
        use(sync, costs.perEventAndGroup * LIVE_CONSUMER_GROUPS.length, () => projected++);
        send();
      }),
    );
  for (let count = 0; count < CLIENTS; count++) send();
  simulation.runUntil(SIMULATED_SECONDS);
  return projected / SIMULATED_SECONDS;
}
