import { describe, expect, it } from 'vitest';
import { retryTransient } from '../../../src/shared/write-database/azure-sql/retry.ts';

const transient = Object.assign(new Error('deadlock'), { number: 1205 });

/** An operation that fails so often, and a clock that waits no time and writes down what it was asked for. */
function failing(times: number, error: unknown = transient) {
  const waits: number[] = [];
  const state = { runs: 0 };
  const operation = async () => {
    state.runs++;
    if (state.runs <= times) throw error;
    return 'done';
  };
  const clock = (random: number) => ({ wait: async (ms: number) => waits.push(ms), random: () => random });
  return { operation, clock, waits, state };
}

describe('retryTransient', () => {
  it('runs an operation once that succeeds', async () => {
    const { operation, clock, state } = failing(0);
    await retryTransient(operation, clock(0));
    expect(state.runs).toBe(1);
  });

  it('runs an operation again until it succeeds', async () => {
    const { operation, clock } = failing(4);
    expect(await retryTransient(operation, clock(0))).toBe('done');
  });

  it('gives up after five tries with the last error', async () => {
    const { operation, clock, state } = failing(9);
    await expect(retryTransient(operation, clock(0))).rejects.toBe(transient);
    expect(state.runs).toBe(5);
  });

  it('does not run an operation again that fails for good', async () => {
    const fault = new Error('syntax');
    const { operation, clock, state } = failing(1, fault);
    await expect(retryTransient(operation, clock(0))).rejects.toBe(fault);
    expect(state.runs).toBe(1);
  });

  it('doubles its waits', async () => {
    const { operation, clock, waits } = failing(4);
    await retryTransient(operation, clock(1));
    expect(waits).toEqual([50, 100, 200, 400]);
  });

  it('halves its waits at most, by chance', async () => {
    const { operation, clock, waits } = failing(4);
    await retryTransient(operation, clock(0));
    expect(waits).toEqual([25, 50, 100, 200]);
  });
});
