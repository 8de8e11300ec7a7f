import { describe, expect, it, vi } from 'vitest';
import { createReadiness } from '../../../src/shared/http/readiness.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';

const ignore = () => {};

/** A readiness of one dependency, with a clock that a test sets. */
function readinessOf(check: () => Promise<unknown>, timeoutMs = 60_000) {
  const clock = { ms: 0 };
  const sql = vi.fn(check);
  const ask = createReadiness(
    new Map([['sql', sql]]),
    { monotonicMs: () => clock.ms, timer: systemRuntime.timer },
    { validForMs: 5_000, timeoutMs },
  );
  return { clock, sql, ask };
}

describe('readiness', () => {
  it('asks a dependency once for any number of callers at the same time', async () => {
    const { ask, sql } = readinessOf(async () => undefined);
    await Promise.all(Array.from({ length: 1_000 }, () => ask(ignore)));
    expect(sql).toHaveBeenCalledTimes(1);
  });

  it('uses a report for 5 seconds and then asks again', async () => {
    const { ask, sql, clock } = readinessOf(async () => undefined);
    await ask(ignore);
    clock.ms = 4_999;
    await ask(ignore);
    expect(sql).toHaveBeenCalledTimes(1);
    clock.ms = 5_000;
    await ask(ignore);
    expect(sql).toHaveBeenCalledTimes(2);
  });

  it('counts the age of a report from its end', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { ask, sql, clock } = readinessOf(() => promise);
    const first = ask(ignore);
    clock.ms = 9_000;
    resolve();
    await first;
    clock.ms = 13_999;
    await ask(ignore);
    expect(sql).toHaveBeenCalledTimes(1);
  });

  it('reports each failure with its reason once', async () => {
    const reason = new Error('refused');
    const { ask } = readinessOf(async () => Promise.reject(reason));
    const onFailure = vi.fn();
    const reports = await Promise.all([ask(onFailure), ask(onFailure)]);
    expect(reports.map(({ failures }) => [...failures])).toEqual([[['sql', reason]], [['sql', reason]]]);
    expect(onFailure.mock.calls).toEqual([['sql', reason]]);
  });

  it('reports a dependency that does not respond, and does not ask it again while it waits', async () => {
    const { ask, sql, clock } = readinessOf(() => new Promise(ignore), 1);
    expect([...(await ask(ignore)).failures.keys()]).toEqual(['sql']);
    clock.ms = 60_000;
    expect([...(await ask(ignore)).failures.keys()]).toEqual(['sql']);
    expect(sql).toHaveBeenCalledTimes(1);
  });

  it('reports a dependency that has come back', async () => {
    const faults = [new Error('away')];
    const { ask, clock } = readinessOf(async () => {
      const fault = faults.pop();
      if (fault !== undefined) throw fault;
    });
    expect((await ask(ignore)).failures.size).toBe(1);
    clock.ms = 5_000;
    expect((await ask(ignore)).failures.size).toBe(0);
  });

  it('reports a dependency whose check throws, and asks it again', async () => {
    const { ask, sql, clock } = readinessOf(() => {
      throw new Error('not configured');
    });
    expect([...(await ask(ignore)).failures.keys()]).toEqual(['sql']);
    clock.ms = 5_000;
    await ask(ignore);
    expect(sql).toHaveBeenCalledTimes(2);
  });

  it('asks again after a report that could not be delivered', async () => {
    const { ask, sql } = readinessOf(async () => Promise.reject(new Error('away')));
    const onFailure = () => {
      throw new Error('the log is full');
    };
    await expect(ask(onFailure)).rejects.toThrow('the log is full');
    expect((await ask(ignore)).failures.size).toBe(1);
    expect(sql).toHaveBeenCalledTimes(2);
  });
});
