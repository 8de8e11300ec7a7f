import { expect, it } from 'vitest';
import { REDRIVING_MS, redriveAll } from '../../../src/sync/dead-letters/redrive-all.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

/** Redrives `count` dead letters, of which each takes `eachMs` and every tenth fails again. */
function redrive(count: number, eachMs: number) {
  const runtime = simulatedRuntime();
  async function* letters() {
    for (let letter = 1; letter <= count; letter++) yield letter;
  }
  return redriveAll(letters(), runtime, async (letter) => {
    await runtime.pass(eachMs);
    return letter % 10 !== 0;
  });
}

it('a call redrives all dead letters that match, however many, and counts those that failed again', async () => {
  expect(await redrive(250, 10)).toEqual({ redriven: 225, waiting: 25, more: false });
});

it('a call that has no time left says that there are more dead letters', async () => {
  expect(await redrive(21, REDRIVING_MS / 20)).toEqual({ redriven: 18, waiting: 2, more: true });
  expect(await redrive(20, REDRIVING_MS / 20)).toEqual({ redriven: 18, waiting: 2, more: false });
});
