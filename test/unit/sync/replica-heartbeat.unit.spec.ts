import { InvocationContext, type Timer } from '@azure/functions';
import { describe, expect, it, vi } from 'vitest';
import type { SyncDatabase } from '../../../src/sync/database/sync-database.ts';
import { replicaHeartbeatTimer } from '../../../src/sync/lag/replica-heartbeat-timer.ts';
import { recordMetrics } from '../../support/recorded-metrics.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

const metrics = recordMetrics();
const lags = () => metrics.of('cqrs.replica_lag').map(({ value }) => value);

const TIMER: Timer = {
  isPastDue: false,
  schedule: { adjustForDST: false },
  scheduleStatus: { last: '', next: '', lastUpdated: '' },
};

/** The timer, with a replica that is some milliseconds behind, or answers nothing. */
function openTimer() {
  const runtime = simulatedRuntime();
  const state: { behindMs: number | 'away' | 'silent'; beats: number } = { behindMs: 0, beats: 0 };
  const primary: Pick<SyncDatabase, 'recordHeartbeat'> = { recordHeartbeat: async () => ++state.beats };
  const replica = async () => ({
    readHeartbeat: async () => {
      if (state.behindMs === 'away') throw new Error('the replica is away');
      if (state.behindMs === 'silent') return new Promise<never>(() => undefined);
      return { heartbeat: { beat: state.beats, beatAt: '2026-01-15T10:30:00.000Z', ageMs: state.behindMs } };
    },
  });
  const { options } = replicaHeartbeatTimer({ writeDatabase: async () => primary, runtime }, replica);
  const context = new InvocationContext({ logHandler: () => undefined });
  vi.spyOn(context, 'warn');
  return { runtime, state, context, run: async () => options.handler(TIMER, context) };
}

describe('the timer of the heartbeat', () => {
  it('advances it on the primary and records by how much the replica is behind', async () => {
    const { state, run } = openTimer();
    await run();
    state.behindMs = 1_500;
    await run();
    expect([state.beats, lags()]).toEqual([2, [0, 1_500]]);
  });

  it('records a lag that grows while the replica does not answer, and goes on beating', async () => {
    const { runtime, state, context, run } = openTimer();
    state.behindMs = 500;
    await run();
    state.behindMs = 'away';
    await runtime.pass(5_000);
    await run();
    state.behindMs = 'silent';
    const silent = run();
    await runtime.pass(4_000);
    await silent;
    expect([state.beats, lags()]).toEqual([3, [500, 5_500, 9_500]]);
    expect(context.warn).toHaveBeenCalledTimes(2);
  });
});
