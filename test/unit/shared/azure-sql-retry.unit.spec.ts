import { describe, expect, it } from 'vitest';
import { retryTransient } from '../../../src/shared/write-database/azure-sql/retry.ts';
import { recordMetrics } from '../../support/recorded-metrics.ts';

const metrics = recordMetrics();
const transient = Object.assign(new Error('deadlock'), { number: 1205 });

/** An operation that fails this many times, and a clock that records waits instead of waiting. */
function failing(times: number, error: unknown = transient) {
  const waits: number[] = [];
  const state = { runs: 0 };
  const operation = async () => {
    state.runs++;
    if (state.runs <= times) throw error;
    return 'done';
  };
  const clock = (random: number) => ({ delay: async (ms: number) => void waits.push(ms), random: () => random });
  return { operation, clock, waits, state };
}

describe('retryTransient', () => {
  it('runs a successful operation once', async () => {
    const { operation, clock, state } = failing(0);
    await retryTransient(operation, clock(0));
    expect(state.runs).toBe(1);
  });

  it('retries an operation until it succeeds', async () => {
    const { operation, clock } = failing(4);
    expect(await retryTransient(operation, clock(0))).toBe('done');
  });

  it('throws the last error after five attempts', async () => {
    const { operation, clock, state } = failing(9);
    await expect(retryTransient(operation, clock(0))).rejects.toBe(transient);
    expect(state.runs).toBe(5);
  });

  it('counts each retry', async () => {
    const { operation, clock } = failing(2);
    await retryTransient(operation, clock(0));
    const retry = { value: 1, attributes: { component: 'write-database', reason: 'transient-fault' } };
    expect(metrics.of('cqrs.retries')).toEqual([retry, retry]);
  });

  it('does not retry after a permanent error', async () => {
    const fault = new Error('syntax');
    const { operation, clock, state } = failing(1, fault);
    await expect(retryTransient(operation, clock(0))).rejects.toBe(fault);
    expect(state.runs).toBe(1);
  });

  it('doubles the wait before each retry', async () => {
    const { operation, clock, waits } = failing(4);
    await retryTransient(operation, clock(1));
    expect(waits).toEqual([50, 100, 200, 400]);
  });

  it('shortens each wait at random by up to half', async () => {
    const { operation, clock, waits } = failing(4);
    await retryTransient(operation, clock(0));
    expect(waits).toEqual([25, 50, 100, 200]);
  });

  /** Attempts that take this long each, with a deadline after `limitMs`. Waits take no time of their own. */
  async function attemptsWithin(limitMs: number, tookMs: number): Promise<number> {
    const { operation, clock, state } = failing(9);
    let remainingMs = limitMs;
    const slow = () => {
      remainingMs -= tookMs;
      return operation();
    };
    const deadline = { remainingMs: () => remainingMs };
    await expect(retryTransient(slow, clock(1), deadline)).rejects.toBe(transient);
    return state.runs;
  }

  it('begins no retry that would take until after the deadline', async () => {
    expect(await attemptsWithin(30_000, 10_000)).toBe(2);
    expect(await attemptsWithin(30_100, 10_000)).toBe(3); // the second wait is 100 ms
    expect(await attemptsWithin(30_000, 20_000)).toBe(1);
  });

  it('makes all five attempts when they end before the deadline', async () => {
    expect(await attemptsWithin(30_000, 1_000)).toBe(5);
  });
});
