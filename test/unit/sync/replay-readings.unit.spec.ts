import { InvocationContext } from '@azure/functions';
import { expect, it } from 'vitest';
import { CONSUMER_GROUPS } from '../../../src/shared/event-hubs/hub.ts';
import { replicaReads } from '../../../src/shared/write-database/replica.ts';
import type { LogPageRequest, ReadableDatabase } from '../../../src/sync/database/sync-database.ts';
import type { PartitionPosition } from '../../../src/sync/lag/partition-position.ts';
import { newReplay, type Replay } from '../../../src/sync/replay/replay.ts';
import { resumeReplaysTimer } from '../../../src/sync/replay/resume-timer.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

/** Requests for the properties of a hub or a partition that Event Hubs answers per second. */
const QUOTA = 50;
const READ_MS = 5;
const PUBLISH_MS = 1;
/** Events of the log, in pages of 500. */
const LOGGED = 10_000;
const REPLAYS = 3;

/** Replays of a log, one after the other, through a hub whose read models process everything immediately. */
function world(partitions: number) {
  const runtime = simulatedRuntime();
  const now = new Date(runtime.now()).toISOString();
  const replays: Replay[] = Array.from({ length: REPLAYS }, (_, index) =>
    newReplay(`${index}`, { readModel: 'all' }, { total: LOGGED, beat: 1 }, now),
  );
  /** When each request for properties was sent (ms). */
  const requests: number[] = [];
  let sent = 0;
  const positionOf = (partitionId: string): PartitionPosition => ({
    partition: {
      partitionId,
      eventHubName: 'order-events-replay',
      beginningSequenceNumber: 0,
      lastEnqueuedSequenceNumber: sent - 1,
      lastEnqueuedOffset: '0',
      lastEnqueuedOnUtc: new Date(runtime.now()),
      isEmpty: sent === 0,
    },
    checkpoints: new Map(CONSUMER_GROUPS.map((group) => [group, sent - 1])),
    strayCheckpoints: new Map(),
    hubCreatedOn: new Date(now),
  });
  const page = async ({ after, limit }: LogPageRequest) => {
    const from = after?.version ?? 0;
    const to = Math.min(from + limit, LOGGED);
    const events = Array.from({ length: to - from }, (_, index) => ({
      eventId: `${from + index}`,
      aggregateId: 'o',
      body: '{}',
    }));
    return { events, next: to < LOGGED ? { aggregateType: 'Order', aggregateId: 'o', version: to } : undefined };
  };
  const unused = () => Promise.reject(new Error('not used'));
  const database: ReadableDatabase = { log: { page, count: unused, newest: unused }, readHeartbeat: unused };
  const timer = resumeReplaysTimer({
    config: { replay: { schedule: '*/5 * * * * *' } },
    runtime,
    logReads: replicaReads({ primary: async () => database, replica: undefined }, runtime),
    replays: {
      oldestRunning: async () => {
        const replay = replays.find(({ status }) => status === 'running');
        return replay && { replay, etag: '1' };
      },
      replace: async (replay) => {
        replays[Number(replay.id)] = replay;
        return '1';
      },
    },
    openReplayHub: async () => ({
      publisher: {
        send: async () => {
          sent++;
          await runtime.delay(PUBLISH_MS);
          return 'sent';
        },
        ping: unused,
        close: async () => undefined,
      },
      positions: async () => {
        requests.push(...Array.from({ length: 1 + partitions }, () => runtime.now()));
        await runtime.delay(READ_MS);
        return Array.from({ length: partitions }, (_, index) => positionOf(`${index}`));
      },
      close: async () => undefined,
    }),
  });
  const run = async () => {
    let isOver = false;
    const running = timer.options.handler(
      {
        isPastDue: false,
        scheduleStatus: { last: now, next: now, lastUpdated: now },
        schedule: { adjustForDST: false },
      },
      new InvocationContext(),
    );
    Promise.resolve(running).finally(() => {
      isOver = true;
    });
    while (!isOver) await runtime.pass(10);
  };
  return { replays, requests, run };
}

/** The most requests in any second. */
const mostPerSecond = (requests: readonly number[]) =>
  Math.max(...requests.map((start) => requests.filter((at) => at >= start && at < start + 1_000).length));

it.each([4, 16, 32])(
  'replays read the positions in %i partitions as often as Event Hubs permits',
  async (partitions) => {
    const { replays, requests, run } = world(partitions);
    for (let runs = 0; runs < 10 && replays.some(({ status }) => status === 'running'); runs++) await run();
    expect(replays.map(({ status, done }) => [status, done])).toEqual(replays.map(() => ['completed', LOGGED]));
    expect(mostPerSecond(requests)).toBeLessThanOrEqual(QUOTA);
  },
);
