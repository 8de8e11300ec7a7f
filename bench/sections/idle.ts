import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel, range } from '../measuring/drive.ts';
import type { Effort } from '../measuring/rounds.ts';
import { type Figure, measured } from '../report/figure.ts';
import { allProjected } from '../system/lag.ts';
import { addCustomersAndProducts, newOrders } from '../system/sample-orders.ts';
import { type Role, startWholeSystem } from '../system/whole-system.ts';

/** Until the compiler has optimized what runs all the time, and the work of the first orders is done. */
const SETTLE_MS = { quick: 4_000, normal: 10_000 };
/** Longer than the 20 s between two polls of the partitions' owners. Timers that run once a minute are in every second round. */
const ROUND_MS = { quick: 2_000, normal: 30_000 };
const ROLES: readonly Role[] = ['apps', 'Azurite', 'other stand-ins'];

/** Measures the CPU time of an idle `npm start` after a few orders. */
export async function idleFigures({ quick, rounds, say }: Effort): Promise<readonly Figure[]> {
  const size = quick ? 'quick' : 'normal';
  const system = await startWholeSystem();
  try {
    await addCustomersAndProducts(system.client);
    await inParallel(newOrders(20), 4, (order) => system.client.post('/orders', order));
    await allProjected(system.client);
    say(`settles for ${SETTLE_MS[size] / 1_000} s`);
    await sleep(SETTLE_MS[size]);
    const samples: ReadonlyMap<Role, number>[] = [];
    for (const round of range(rounds)) {
      say(`round ${round + 1} of ${rounds}`);
      const [before, startedAt] = [system.cpuMs(), performance.now()];
      await sleep(ROUND_MS[size]);
      const [after, ms] = [system.cpuMs(), performance.now() - startedAt];
      samples.push(
        new Map(ROLES.map((role) => [role, (100 * ((after.get(role) ?? 0) - (before.get(role) ?? 0))) / ms])),
      );
    }
    return figuresOf(samples);
  } finally {
    await system.stop();
  }
}

/** @param samples per round: percent of a core */
function figuresOf(samples: readonly ReadonlyMap<Role, number>[]): readonly Figure[] {
  const all = samples.map((sample) => [...sample.values()].reduce((sum, percent) => sum + percent, 0));
  return [
    measured('idle npm start: all processes', all, '% of a core', { atMost: 3 }),
    ...ROLES.map((role) => {
      const values = samples.map((sample) => sample.get(role) ?? Number.NaN);
      return measured(`idle npm start: ${role}`, values, '% of a core');
    }),
  ];
}
