import { describe, expect, it } from 'vitest';
import { CONSUMER_GROUPS, type ConsumerGroup, READ_MODELS } from '../../../src/shared/event-hubs/hub.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { replicaReads } from '../../../src/shared/write-database/replica.ts';
import type { EventLog, LogPage, LogPageRequest } from '../../../src/sync/database/sync-database.ts';
import type { PartitionPosition } from '../../../src/sync/lag/partition-position.ts';
import { isReplayOf, newReplay, type Replay, type ReplayRequest } from '../../../src/sync/replay/replay.ts';
import { MAX_FAILED_RUNS, resumeReplay } from '../../../src/sync/replay/resume-replay.ts';
import { recordMetrics } from '../../support/recorded-metrics.ts';

const NOW = '2026-03-01T12:00:00.000Z';
/** Maximum steps of a run. Each takes a second of the fake clock. */
const STEPS = 100;

/** The heartbeat at the start of the replay. */
const BEAT = 7;

/** A replica that has the first events of the log and a heartbeat. */
interface ReplicaState {
  logged: number;
  beat: number;
  reads: number;
  isAway: boolean;
}

/** A page of a log that has `logged` events. */
function pageOf(logged: number, { after, limit }: LogPageRequest): LogPage {
  const from = after?.version ?? 0;
  const to = Math.min(from + limit, logged);
  const events = Array.from({ length: Math.max(0, to - from) }, (_, index) => ({
    eventId: `${from + index}`,
    aggregateId: 'o',
    body: `event ${from + index}`,
  }));
  return { events, next: to < logged ? { aggregateType: 'Order', aggregateId: 'o', version: to } : undefined };
}

function replicaOf({ replica }: { readonly replica: ReplicaState | undefined }) {
  return replica && (async () => ({ log: { page: (asked: LogPageRequest) => replicaPage(replica, asked) } }));
}

async function replicaPage(replica: ReplicaState, asked: LogPageRequest): Promise<LogPage> {
  replica.reads++;
  if (replica.isAway) throw new Error('the replica is away');
  return { ...pageOf(replica.logged, asked), heartbeat: { beat: replica.beat, beatAt: NOW, ageMs: 0 } };
}

/** A partition of the hub that has the events from `beginning` to `last`. Nothing has been processed. */
function partitionOf(partitionId: string, beginning: number, last: number): PartitionPosition {
  return {
    partition: {
      partitionId,
      eventHubName: 'order-events-replay',
      beginningSequenceNumber: beginning,
      lastEnqueuedSequenceNumber: last,
      lastEnqueuedOffset: '0',
      lastEnqueuedOnUtc: new Date(NOW),
      isEmpty: last < beginning,
    },
    checkpoints: new Map(),
    strayCheckpoints: new Map(),
    hubCreatedOn: new Date(NOW),
  };
}

/** A hub with one partition, a log, and read models that process everything immediately unless a test limits them. */
function world(logged: number, request: ReplayRequest = { readModel: 'all' }) {
  const state = {
    stored: newReplay('replay-1', request, { total: logged, beat: BEAT }, NOW),
    /** Bodies of the events in the hub. */
    hub: [] as { readonly body: string; readonly readModel: string | undefined }[],
    /** Maximum number of events that a group has processed. */
    limits: new Map<ConsumerGroup, number>(),
    withoutCheckpoint: new Set<ConsumerGroup>(),
    strays: new Map<ConsumerGroup, number>(),
    beginning: 0,
    /** Partitions that get no events of the replay. */
    quietPartitions: [] as PartitionPosition[],
    steps: 0,
    isReadingDue: true,
    readings: 0,
    warnings: [] as string[],
    logRequests: [] as LogPageRequest[],
    replica: undefined as ReplicaState | undefined,
    faults: { log: false, hub: false, positions: false, crashBeforeSave: false, changedByAnother: false },
  };
  const positions = async (): Promise<readonly PartitionPosition[]> => {
    state.readings++;
    if (state.faults.positions) throw new Error('storage is unavailable');
    const last = state.hub.length - 1;
    const checkpoints = CONSUMER_GROUPS.filter((group) => !state.withoutCheckpoint.has(group)).map(
      (group) => [group, Math.min(last, (state.limits.get(group) ?? Number.MAX_VALUE) - 1)] as const,
    );
    const strayCheckpoints = state.strays;
    return [
      { ...partitionOf('0', state.beginning, last), checkpoints: new Map(checkpoints), strayCheckpoints },
      ...state.quietPartitions,
    ];
  };
  const page: EventLog['page'] = async (asked) => {
    if (state.faults.log) throw new Error('SQL is unavailable');
    state.logRequests.push(asked);
    return pageOf(logged, asked);
  };
  const run = () =>
    resumeReplay(
      state.stored,
      {
        logReads: replicaReads({ primary: async () => ({ log: { page } }), replica: replicaOf(state) }, systemRuntime),
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
        isReadingDue: () => state.isReadingDue,
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

  it('fails its runs, and publishes nothing, while a checkpoint of one of its read models is of another hub', async () => {
    const { state, run } = world(3, { readModel: 'catalogue' });
    state.strays.set('catalogue', 812);
    await run();
    expect(state.stored).toMatchObject({ status: 'running', published: 0, failedRuns: 1 });
    expect(state.stored.error).toContain('The checkpoints are of another hub.');
    state.strays.clear();
    state.strays.set('order-search', 812);
    await run();
    expect(state.stored).toMatchObject({ status: 'completed', error: null });
  });

  it('nudges the triggers at the end of a run, because one may have failed to write its last checkpoint', async () => {
    const { state, run } = world(3);
    state.limits.set('catalogue', 2);
    await run();
    const nudges = state.hub.slice(3);
    expect(nudges).not.toEqual([]);
    expect(nudges.filter(({ readModel = 'all' }) => READ_MODELS.some((name) => isReplayOf(readModel, name)))).toEqual(
      [],
    );
    state.limits.clear();
    await run();
    expect(shown(state.stored)).toMatchObject({ status: 'completed', total: 3, published: 3, done: 3 });
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

  it('reads the positions at its start and its end, and as often as a reading is due between pages', async () => {
    const { state, run } = world(2_100);
    state.isReadingDue = false;
    await run();
    expect(state.stored).toMatchObject({ status: 'completed', done: 2_100 });
    expect(state.readings).toBe(2);
  });

  it('counts the events since the last reading as not processed', async () => {
    const { state, run } = world(8_000);
    state.isReadingDue = false;
    state.limits.set('order-details', 0);
    await run();
    expect(shown(state.stored)).toMatchObject({ status: 'running', published: 5_000, done: 0 });
  });

  it('fails when events expire in the hub before a read model has processed them', async () => {
    const { state, run } = world(100);
    state.limits.set('order-details', 10);
    await run();
    state.beginning = 50;
    await run();
    expect(state.stored).toMatchObject({ status: 'failed', error: expect.stringContaining('expired in the hub') });
  });

  it('fails when events expire in the hub before a read model has processed its first', async () => {
    const { state, run } = world(100);
    state.withoutCheckpoint.add('order-details');
    await run();
    state.beginning = 50;
    await run();
    expect(state.stored).toMatchObject({ status: 'failed', error: expect.stringContaining('expired in the hub') });
  });
});

describe('a replay after one whose last events expired unprocessed', () => {
  /** Of 151 events in each partition, the read models have processed 101. Then all expired. */
  function expired() {
    const { state, run } = world(1_200);
    state.hub.push(...Array.from({ length: 151 }, () => ({ body: 'earlier', readModel: 'none' })));
    state.beginning = 151;
    for (const group of CONSUMER_GROUPS) state.limits.set(group, 101);
    const checkpoints = new Map(CONSUMER_GROUPS.map((group) => [group, 100]));
    state.quietPartitions.push({ ...partitionOf('1', 151, 150), checkpoints });
    return { state, run };
  }

  it('completes, although partitions without events of it keep the old checkpoint', async () => {
    const { state, run } = expired();
    await run();
    expect(shown(state.stored)).toMatchObject({ status: 'running', published: 1_200, done: 0, error: null });
    state.limits.clear();
    await run();
    expect(shown(state.stored)).toMatchObject({ status: 'completed', published: 1_200, done: 1_200, error: null });
  });

  it('fails when its own events expire', async () => {
    const { state, run } = expired();
    await run();
    state.beginning = 152;
    await run();
    expect(state.stored).toMatchObject({ status: 'failed', error: expect.stringContaining('expired in the hub') });
  });

  it('counts earlier events that have not expired as backlog until they do', async () => {
    const { state, run } = world(5_100);
    state.hub.push(...Array.from({ length: 700 }, () => ({ body: 'earlier', readModel: 'none' })));
    state.limits.set('order-details', 0);
    await run();
    expect(state.stored.published).toBe(4_500);
    state.beginning = 700;
    await run();
    expect(shown(state.stored)).toMatchObject({ status: 'running', published: 5_000, done: 0 });
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

describe('a replay with a replica', () => {
  /** A log of 700 events, of which the replica has some. */
  function lagging(logged: number, beat: number) {
    const { state, run } = world(700);
    const replica: ReplicaState = { logged, beat, reads: 0, isAway: false };
    state.replica = replica;
    return { state, run, replica };
  }

  it('reads no page from the primary when the replica has what the primary had at the start', async () => {
    const { state, run } = lagging(700, BEAT);
    await run();
    expect(state.stored).toMatchObject({ status: 'completed', total: 700, done: 700, source: 'replica' });
    expect(state.logRequests).toEqual([]);
  });

  it('waits while the replica is behind, says so, and then loses no event', async () => {
    const { state, run, replica } = lagging(300, BEAT - 1);
    await run();
    expect(state.stored).toMatchObject({ status: 'running', published: 0, source: 'waiting' });
    expect([state.hub, replica.reads]).toEqual([[], 1]);
    Object.assign(replica, { logged: 700, beat: BEAT + 2 });
    await run();
    expect(state.stored).toMatchObject({ status: 'completed', total: 700, source: 'replica' });
    expect(bodies(state.hub)).toEqual(allOf(700));
  });

  it('reads the primary when the replica is still behind two minutes after the start', async () => {
    const { state, run } = lagging(300, BEAT - 1);
    for (; state.stored.source !== 'primary' && state.steps < 1_000; ) await run();
    expect(state.steps).toBeGreaterThan(120);
    expect(state.stored).toMatchObject({ status: 'completed', total: 700, source: 'primary' });
    expect(bodies(state.hub)).toEqual(allOf(700));
  });

  it('reads the primary at once when the replica is away', async () => {
    const { state, run, replica } = lagging(700, BEAT);
    replica.isAway = true;
    await run();
    expect(state.stored).toMatchObject({ status: 'completed', total: 700, source: 'primary' });
    expect(bodies(state.hub)).toEqual(allOf(700));
    expect(replica.reads).toBe(1);
  });

  it('reads the primary when an earlier release has started it, without a heartbeat', async () => {
    const { state, run, replica } = lagging(300, BEAT + 1);
    const { beat: _, ...earlier } = state.stored;
    state.stored = earlier;
    await run();
    expect(bodies(state.hub)).toEqual(allOf(700));
    expect(replica.reads).toBe(0);
  });
});
