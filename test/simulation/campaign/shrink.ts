import type { Scenario } from '../kernel/world.ts';
import { COMMANDS, type Outcome, simulate } from '../simulate.ts';

/** Most runs that shrinking one part of a scenario may take. */
const MAX_RUNS = 300;

/** Finds a scenario with the same seed, and as few commands and faults as possible, that still fails. */
export async function shrink(failed: Outcome): Promise<Scenario> {
  const { seed } = failed.scenario;
  const fails = async (scenario: Scenario) => (await simulate(scenario)).violations.length > 0;
  const allCommands = Array.from({ length: COMMANDS }, (_, index) => index);
  let faults = await minimize(failed.faults, (some) => fails({ seed, faults: new Set(some) }));
  const commands = await minimize(allCommands, (some) =>
    fails({ seed, commands: new Set(some), faults: new Set(faults) }),
  );
  faults = await minimize(faults, (some) => fails({ seed, commands: new Set(commands), faults: new Set(some) }));
  return { seed, commands: new Set(commands), faults: new Set(faults) };
}

/**
 * Leaves out ever smaller parts of a list while the rest still fails (delta debugging, Zeller 1999). Returns the whole list when it
 * does not fail.
 */
async function minimize<Item>(
  items: readonly Item[],
  fails: (some: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let rest = items;
  let runs = 0;
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < rest.length && runs < MAX_RUNS; ) {
      const without = [...rest.slice(0, start), ...rest.slice(start + size)];
      runs += 1;
      if (await fails(without)) rest = without;
      else start += size;
    }
  }
  return rest;
}
