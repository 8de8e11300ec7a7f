import { availableParallelism } from 'node:os';
import { LIVE_CONSUMER_GROUPS } from '../src/shared/event-hubs/hub.ts';
import { type CpuCosts, measureCpu } from './cpu-costs.ts';
import { Simulation, Station } from './queueing.ts';

export interface Agreement extends CpuCosts {
  /** Commands per second that the queueing model predicts for these costs on the cores of this machine. */
  readonly modelled: number;
  /** Measured, divided by modelled. Below 1: waiting that the model leaves out, and other work on the machine. */
  readonly ratio: number;
}

const CLIENTS = 16;
const SIMULATED_SECONDS = 60;

/** Runs the local system at full load, and compares its throughput with that of the queueing model. */
export async function compareWithModel(): Promise<Agreement> {
  const costs = await measureCpu();
  const modelled = Math.round(localThroughput(costs, availableParallelism()));
  return { ...costs, modelled, ratio: Math.round((costs.commandsPerSecond / modelled) * 100) / 100 };
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
