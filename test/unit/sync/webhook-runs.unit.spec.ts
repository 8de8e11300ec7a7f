import { describe, expect, it } from 'vitest';
import { deliverAll } from '../../../src/sync/webhooks/deliver-all.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

/** The time (ms) after which a run starts no more attempts. */
const RUN_MS = 20_000;

describe('a run of deliveries', () => {
  it('ends at once when nothing is due', async () => {
    const passes: string[] = [];
    const pass = async (item: string) => passes.push(item) < 0;
    await deliverAll(['a', 'b'], pass, simulatedRuntime());
    expect(passes).toEqual(['a', 'b']);
  });

  it('ends when everything due is delivered', async () => {
    let left = 3;
    await deliverAll(['a'], async () => left-- > 0, simulatedRuntime());
    expect(left).toBe(-1);
  });

  it('goes on for a partner while another one is slow, also after its own time', async () => {
    const runtime = simulatedRuntime();
    const served: number[] = [];
    const slow = async (mayStart: () => boolean) => {
      while (mayStart()) await runtime.delay(10_000);
      return true;
    };
    const quick = async () => {
      await runtime.delay(100);
      served.push(runtime.monotonicMs());
      return true;
    };
    const pass = (item: string, mayStart: () => boolean) => (item === 'slow' ? slow(mayStart) : quick());
    const run = deliverAll(['slow', 'quick'], pass, runtime);
    // The slow one starts its last attempt a moment before the end.
    await runtime.pass(RUN_MS - 5_000);
    expect(served).toHaveLength((RUN_MS - 5_000) / 100);
    await runtime.pass(60_000);
    await run;
    const gaps = served.slice(1).map((at, index) => at - (served[index] ?? at));
    expect(Math.max(...gaps)).toBe(100);
  });

  it('starts no attempts after its time but those beside an attempt that is still running', async () => {
    const runtime = simulatedRuntime();
    const started: number[] = [];
    const startedAt = runtime.monotonicMs();
    const pass = async (_item: string, mayStart: () => boolean) => {
      while (mayStart()) {
        started.push(runtime.monotonicMs() - startedAt);
        await runtime.delay(9_000);
      }
      return true;
    };
    const run = deliverAll(['a'], pass, runtime);
    await runtime.pass(60_000);
    await run;
    expect(started).toEqual([0, 9_000, 18_000]);
  });

  it('polls a queue in which nothing is due while another one is busy', async () => {
    const runtime = simulatedRuntime();
    const polls: number[] = [];
    const startedAt = runtime.monotonicMs();
    let busy = true;
    const pass = async (item: string) => {
      if (item === 'busy') {
        await runtime.delay(1_200);
        busy = !busy;
        return !busy;
      }
      polls.push(runtime.monotonicMs() - startedAt);
      return false;
    };
    const run = deliverAll(['busy', 'idle'], pass, runtime);
    await runtime.pass(10_000);
    await run;
    expect(polls.slice(0, 5)).toEqual([0, 500, 1_000, 1_500, 2_000]);
    expect(polls.length).toBeLessThan(8);
  });
});
