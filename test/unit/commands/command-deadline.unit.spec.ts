import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HandleDependencies } from '../../../src/commands/pipeline/handle-command.ts';
import type { LoadedRows } from '../../../src/commands/write-store/write-store.ts';
import { envelopeOf, openCommandBus } from '../../support/commands/command-bus.ts';
import { testMasterKey } from '../../support/events/personal-data.ts';

const EMPTY: LoadedRows = { products: [], syncLags: [] };
const ADD_PRODUCT = envelopeOf({
  type: 'AddProduct',
  data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 1, currency: 'USD' },
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Sends a command with a deadline of 30 s to a store, and returns when and how it ended. */
async function send(store: HandleDependencies['store']): Promise<unknown> {
  const start = Date.now();
  const bus = openCommandBus(store, () => {}, testMasterKey, { deadlineMs: 30_000 });
  const ended = bus.dispatch(ADD_PRODUCT).then(
    ({ result }) => ({ version: result.version }),
    ({ code, retryAfter }) => ({ code, retryAfter, afterMs: Date.now() - start }),
  );
  await vi.advanceTimersByTimeAsync(120_000);
  return ended;
}

/** Waits as a store does whose server is slow. */
const answerIn = <Value>(ms: number, value: Value) => new Promise<Value>((resolve) => setTimeout(resolve, ms, value));

describe('the deadline of a command', () => {
  it('is not noticed by a command that ends in time', async () => {
    const load = () => answerIn(14_000, EMPTY);
    const commit = () => answerIn(14_000, { outcome: 'committed' as const });
    expect(await send({ load, commit })).toEqual({ version: 1 });
  });

  it('ends a load that takes longer, and nothing is committed afterwards', async () => {
    const commits: unknown[] = [];
    const commit = async (sent: unknown) => {
      commits.push(sent);
      return { outcome: 'committed' as const };
    };
    const ended = await send({ load: () => answerIn(31_000, EMPTY), commit });
    expect([ended, commits]).toEqual([{ code: 'unavailable', retryAfter: 5, afterMs: 30_000 }, []]);
  });

  it('covers the attempts after lost races', async () => {
    const load = () => answerIn(4_000, EMPTY);
    const commit = () => answerIn(4_000, { outcome: 'conflict' as const });
    expect(await send({ load, commit })).toEqual({ code: 'unavailable', retryAfter: 5, afterMs: 30_000 });
  });

  it('is the same for the load and the commit', async () => {
    const remaining: (number | undefined)[] = [];
    const load: HandleDependencies['store']['load'] = (_, deadline) => {
      remaining.push(deadline?.remainingMs());
      return answerIn(10_000, EMPTY);
    };
    const commit: HandleDependencies['store']['commit'] = async (_, deadline) => {
      remaining.push(deadline?.remainingMs());
      return { outcome: 'committed' };
    };
    await send({ load, commit });
    expect(remaining).toEqual([30_000, 20_000]);
  });
});
