import type { World } from './world.ts';

/** Longest simulated time (ms) that a call takes in a world without faults. */
const LIMIT_MS = 120_000;

/** Lets the time of a world pass until a promise is settled. Settles as the promise does. */
export async function settledIn<Result>(world: World, work: Promise<Result>): Promise<Result> {
  let isSettled = false;
  const settled = work.finally(() => {
    isSettled = true;
  });
  settled.catch(() => undefined);
  await world.until(() => isSettled, LIMIT_MS);
  return settled;
}
