import { describe, expect, it } from 'vitest';
import { CONSUMER_GROUPS, type ConsumerGroup } from '../../../src/shared/event-hubs/hub.ts';
import type { LogPageRequest, LogPosition } from '../../../src/sync/database/sync-database.ts';
import type { PartitionPosition } from '../../../src/sync/lag/hub-positions.ts';
import { newReplay, type Replay, type ReplayRequest } from '../../../src/sync/replay/replay.ts';
import { MAX_FAILED_RUNS, resumeReplay } from '../../../src/sync/replay/resume-replay.ts';
import { recordMetrics } from '../../support/recorded-metrics.ts';

const NOW = '2026-03-01T12:00:00.000Z';
/** Maximum steps of a run. Each takes a second of the fake clock. */
const STEPS = 100;

/** A hub with one partition, a log, and read models that process everything immediately unless a test limits them. */
function world(logged: number, request: ReplayRequest = { readModel: 'all' }) {
  const state = {
    stored: newReplay('replay-1', request, logged, NOW),
    /** Bodies of the events in the hub. */
    hub: [] as { readonly body: string; readonly readModel: string | undefined }[],
    /** Maximum number of events that a group has processed. */
    limits: new Map<ConsumerGroup, number>(),
    beginning: 0,
    steps: 0,
    warnings: [] as string[],
    logRequests: [] as LogPageRequest[],
    faults: { log: false, hub: false, positions: false, crashBeforeSave: false, changedByAnother: false },
  };
  const position = (index: number): LogPosition => ({ aggregateType: 'Order', aggregateId: 'o', version: index });
  const positions = async (): Promise<readonly PartitionPosition[]> => {
    if (state.faults.positions) throw new Error('storage is unavailable');
    const last = state.hub.length - 1;
    return [
      {
        partition: {
          partitionId: '0',
          eventHubName: 'order-events-replay',
          beginningSequenceNumber: state.beginning,
          lastEnqueuedSequenceNumber: last,
          lastEnqueuedOffset: '0',
          lastEnqueuedOnUtc: new Date(NOW),
          isEmpty: last < state.beginning,
        },
        checkpoints: new Map(
          CONSUMER_GROUPS.map((group) => [group, Math.min(last, (state.limits.get(group) ?? Number.MAX_VALUE) - 1)]),
        ),
      },
    ];
  };
  const run = () =>
    resumeReplay(
      state.stored,
      {
        log: {
          page: async (asked) => {
            if (state.faults.log) throw new Error('SQL is unavailable');
            state.logRequests.push(asked);
            const from = asked.after?.version ?? 0;
            const to = Math.min(from + asked.limit, logged);
            const events = Array.from({ length: to - from }, (_, index) => ({
              eventId: `${from + index}`,
              aggregateId: 'o',
              body: `event ${from + index}`,
            }));
            return { events, next: to < logged ? position(to) : undefined };
          },
        },
        publisher: {
          send: async ({ body, properties }) => {
            if (state.faults.hub) return 'failed';
            state.hub.push({ body, readModel: properties?.readModel });
            return 'sent';
          },
        },
        positions,
        save: async (next) => {
          if (state.faults.crashBeforeSave) throw new Error('crashed');
          if (state.faults.changedByAnother) return false;
          state.stored = next;
          return true;
        },
        now: () => new Date(Date.parse(NOW) + 1_000 * state.steps++),
        pause: async () => undefined,
      },
      Date.parse(NOW) + 1_000 * (state.steps + STEPS),
      (sentence) => state.warnings.push(sentence),
    );
  return { state, run };
}

const metrics = recordMetrics();

const shown = ({ status, total, published, done, error }: Replay) => ({ status, total, published, done, error });
const allOf = (count: number) => Array.from({ length: count }, (_, index) => `event ${index}`);
const bodies = (hub: readonly { readonly body: string }[]) => hub.map(({ body }) => body);

describe('a replay', () => {
  it('publishes the whole log page by page and completes when every event is processed', async () => {
    const { state, run } = world(1_234);
    await run();
    expect(shown(state.stored)).toEqual({
      status: 'completed',
      total: 1_234,
      published: 1_234,
      done: 1_234,
      error: null,
    });
    expect(bodies(state.hub)).toEqual(allOf(1_234));
  });

  it('of an empty log completes immediately', async () => {
    const { state, run } = world(0);
    await run();
    expect(state.stored).toMatchObject({ status: 'completed', total: 0, done: 0, finishedAt: expect.any(String) });
  });

  it('marks its events with the read model that they are for', async () => {
    const { state, run } = world(3, { readModel: 'sales_daily' });
    await run();
    expect(state.hub.map(({ readModel }) => readModel)).toEqual(['sales_daily', 'sales_daily', 'sales_daily']);
  });

  it('reads only the events recorded since its start time', async () => {
    const { state, run } = world(3, { readModel: 'all', from: NOW });
    await run();
    expect(state.logRequests.map(({ from }) => from)).toEqual([NOW]);
  });

  it('does not complete while one of its read models is behind', async () => {
    const { state, run } = world(100);
    state.limits.set('order-search', 40);
    await run();
    expect(shown(state.stored)).toMatchObject({ status: 'running', published: 100, done: 40 });
    state.limits.clear();
    await run();
    expect(state.stored.status).toBe('completed');
  });

  it('reports its progress as metrics, up to the end', async () => {
    const { state, run } = world(1_200, { readModel: 'order_search' });
    state.limits.set('order-search', 700);
    await run();
    const attributes = { read_model: 'order_search' };
    expect(metrics.of('cqrs.replay_total').at(-1)).toEqual({ value: 1_200, attributes });
    expect(metrics.of('cqrs.replay_done').at(-1)).toEqual({ value: 700, attributes });
    state.limits.clear();
    await run();
    expect(metrics.of('cqrs.replay_done').at(-1)).toEqual({ value: 1_200, attributes });
  });

  it('counts its runs that fail', async () => {
    const { state, run } = world(3, { readModel: 'order_search' });
    state.faults.log = true;
    await run();
    const attributes = { read_model: 'order_search' };
    expect(metrics.of('cqrs.replay_failed_runs')).toEqual([{ value: 1, attributes }]);
  });

  it('of one read model does not wait for the others', async () => {
    const { state, run } = world(100, { readModel: 'sales_daily' });
    state.limits.set('order-search', 40);
    await run();
    expect(state.stored.status).toBe('completed');
  });

  it('stays at most 5,000 events ahead of the slowest read model and resumes when it catches up', async () => {
    const { state, run } = world(8_000);
    state.limits.set('order-details', 0);
    await run();
    expect(shown(state.stored)).toMatchObject({ status: 'running', published: 5_000, done: 0 });
    state.limits.clear();
    await run();
    expect(state.stored).toMatchObject({ status: 'completed', done: 8_000 });
  });

  it('fails when events expire in the hub before a read model has processed them', async () => {
    const { state, run } = world(100);
    state.limits.set('order-details', 10);
    await run();
    state.beginning = 50;
    await run();
    expect(state.stored).toMatchObject({ status: 'failed', error: expect.stringContaining('expired in the hub') });
  });
});

describe('a replay that was interrupted', () => {
  it('before a page was saved publishes that page again and the rest once', async () => {
    const { state, run } = world(700);
    state.faults.crashBeforeSave = true;
    await expect(run()).rejects.toThrow('crashed');
    state.faults.crashBeforeSave = false;
    await run();
    expect(bodies(state.hub)).toEqual([...allOf(500), ...allOf(700)]);
    expect(shown(state.stored)).toMatchObject({ status: 'completed', total: 700, done: 700 });
  });

  it('stops when another process has resumed it', async () => {
    const { state, run } = world(1_200);
    state.faults.changedByAnother = true;
    await run();
    expect(state.hub).toHaveLength(500);
    expect(state.stored.published).toBe(0);
  });

  it.each([
    ['log', 'The event log cannot be read.'],
    ['hub', 'The hub did not accept all events.'],
    ['positions', 'The progress of the read models cannot be read.'],
  ] as const)('by a fault of the %s reports the fault and resumes in a later run', async (what, sentence) => {
    const { state, run } = world(1_200);
    state.faults[what] = true;
    await run();
    expect(state.stored).toMatchObject({ status: 'running', failedRuns: 1, error: sentence });
    expect(state.warnings).toEqual([sentence]);
    state.faults[what] = false;
    await run();
    expect(state.stored).toMatchObject({ status: 'completed', failedRuns: 0, error: null });
  });

  it('fails after too many failed runs in a row', async () => {
    const { state, run } = world(10);
    state.faults.log = true;
    for (let runs = 1; runs < MAX_FAILED_RUNS; runs++) await run();
    expect(state.stored.status).toBe('running');
    await run();
    expect(state.stored).toMatchObject({
      status: 'failed',
      error: 'The event log cannot be read.',
      finishedAt: expect.any(String),
    });
  });
});
