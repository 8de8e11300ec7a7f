import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { AzuriteServer } from '../../local/azurite.ts';
import { type EventHubsServer, startEventHubs } from '../../local/event-hubs/server.ts';
import { main } from '../../scripts/checkpoints.ts';
import {
  CONSUMER_GROUPS,
  LIVE_CONSUMER_GROUPS,
  ORDER_EVENTS_HUB,
  ORDER_EVENTS_REPLAY_HUB,
} from '../../src/shared/event-hubs/hub.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { checkpointContainer } from '../../src/sync/lag/checkpoints.ts';
import { isStray } from '../../src/sync/lag/hub-positions.ts';
import { openLagReader } from '../../src/sync/lag/lag.ts';
import { newStorageAccount } from '../support/system/storage-account.ts';

const HUBS = [
  { name: ORDER_EVENTS_HUB, partitions: 1, consumerGroups: LIVE_CONSUMER_GROUPS },
  { name: ORDER_EVENTS_REPLAY_HUB, partitions: 1, consumerGroups: CONSUMER_GROUPS },
];
const GROUP = 'order-details';

let storage: AzuriteServer;
let port = 0;
let hub: EventHubsServer;
beforeAll(async () => {
  storage = await newStorageAccount();
  await container().createIfNotExists();
});
beforeEach(async () => {
  for await (const { name } of container().listBlobsFlat()) await container().deleteBlob(name);
});

const connection = (connectionString: string) => ({ kind: 'connectionString', connectionString }) as const;
const container = () => checkpointContainer(connection(storage.connectionString));

/** A hub whose first event has the number 0, as in Azure, in place of any before. */
async function makeHub(): Promise<void> {
  hub = await startEventHubs({ port, hubs: HUBS, firstSequenceNumber: 0 });
  port = hub.port;
  const { close } = hub;
  onTestFinished(() => close().catch(() => undefined));
}

async function send(...bodies: readonly string[]): Promise<void> {
  const producer = new EventHubProducerClient(hub.connectionString, ORDER_EVENTS_HUB);
  await producer.sendBatch(bodies.map((body) => ({ body })));
  await producer.close();
}

/** Processes events as the trigger does, with checkpoints, until it has `count` or an error. */
async function process(count: number): Promise<readonly unknown[]> {
  const store = new BlobCheckpointStore(container());
  const client = new EventHubConsumerClient(GROUP, hub.connectionString, ORDER_EVENTS_HUB, store);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const bodies: unknown[] = [];
  const subscription = client.subscribe(
    {
      processEvents: async (events, context) => {
        bodies.push(...events.map(({ body }) => body));
        const last = events.at(-1);
        if (last !== undefined) await context.updateCheckpoint(last);
        if (bodies.length >= count) resolve();
      },
      processError: async (error) => reject(error),
    },
    { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 0.2 },
  );
  await promise.finally(async () => {
    await subscription.close();
    await client.close();
  });
  return bodies;
}

async function readLag() {
  const reader = openLagReader(connection(hub.connectionString), connection(storage.connectionString), systemRuntime);
  const lags = await reader.read().finally(() => reader.close());
  return lags.find(({ readModel }) => readModel === 'order_details');
}

/** Runs the command, by default as after the time in which partitions of a stopped app expire. */
async function checkpoints(args: readonly string[], later = 120_000) {
  let text = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk);
      done();
    },
  });
  const env = { EventHubConnection: hub.connectionString, AzureWebJobsStorage: storage.connectionString };
  const code = await main(args, { stdout: stream, stderr: stream, env, now: () => Date.now() + later });
  return { code, text };
}

describe('the checkpoints of a hub that was made again', () => {
  it('make the trigger stand still, which the lag reports, until they are reset; then no event is lost', async () => {
    await makeHub();
    await send('a', 'b', 'c');
    expect(await process(3)).toEqual(['a', 'b', 'c']);
    expect(await readLag()).toMatchObject({ behind: 0, stalled: undefined });
    await hub.close();

    await makeHub();
    await send('d', 'e');
    await expect(process(1)).rejects.toThrow(
      "The supplied offset '32' is invalid. The last offset in the system is '16'.",
    );
    const lag = await readLag();
    expect(lag).toMatchObject({ behind: 2, oldest: { enqueuedAt: expect.any(Date) } });
    expect(lag?.stalled?.reason).toContain('The checkpoint in partition 0 is at event 2 of another hub');
    expect(Date.parse(lag?.stalled?.since ?? '')).toBeLessThanOrEqual(Date.now());
    expect(await checkpoints([])).toMatchObject({ code: 1, text: expect.stringContaining('OF ANOTHER HUB') });

    expect(await checkpoints(['--reset'])).toMatchObject({
      code: 0,
      text: expect.stringContaining('Deleted 1 checkpoints of order-events.'),
    });
    expect(await process(2)).toEqual(['d', 'e']);
    expect(await readLag()).toMatchObject({ behind: 0, stalled: undefined });
    expect(await checkpoints([])).toMatchObject({ code: 0 });
  });

  it('are reported as well when the new hub has more events by now, which the trigger would skip', async () => {
    await makeHub();
    await send('a', 'b');
    await process(2);
    await hub.close();
    await delay(1_000); // the clock of Storage has whole seconds
    await makeHub();
    await send('c', 'd', 'e');
    expect(await readLag()).toMatchObject({
      behind: 3,
      stalled: { reason: expect.stringContaining('of another hub') },
    });
  });

  it('are not reset while the sync app owns partitions', async () => {
    await makeHub();
    const store = new BlobCheckpointStore(container());
    const [fullyQualifiedNamespace, eventHubName] = ['localhost', ORDER_EVENTS_HUB];
    await store.claimOwnership([
      { fullyQualifiedNamespace, eventHubName, consumerGroup: GROUP, partitionId: '0', ownerId: 'an instance' },
    ]);
    expect(await checkpoints(['--reset'], 0)).toMatchObject({
      code: 1,
      text: expect.stringContaining('The sync app is running'),
    });
  });

  it.each([
    ['beyond the end', { sequenceNumber: 10, age: 0 }, true],
    ['at the end', { sequenceNumber: 9, age: 0 }, false],
    ['older than the hub', { sequenceNumber: 7, age: 1_000 }, true],
    ['older than the hub, before its first event', { sequenceNumber: 4, age: 1_000 }, false],
    ['of the second in which the hub was created', { sequenceNumber: 7, age: 999 }, false],
  ])('are recognized: one %s', (_, { sequenceNumber, age }, expected) => {
    const createdOn = new Date('2026-01-31T12:00:00Z');
    const partition = { beginningSequenceNumber: 5, lastEnqueuedSequenceNumber: 9 };
    const modifiedAt = new Date(createdOn.getTime() - age);
    expect(isStray({ sequenceNumber, modifiedAt }, partition, createdOn)).toBe(expected);
  });
});

describe('npm run checkpoints', () => {
  it('shows its help, and refuses what it does not know', async () => {
    await makeHub();
    expect(await checkpoints(['--help'])).toMatchObject({ code: 0, text: expect.stringContaining('--reset') });
    expect(await checkpoints(['--all'])).toMatchObject({ code: 2, text: expect.stringContaining("'--all'") });
  });

  it('has nothing to reset where no trigger has run', async () => {
    await makeHub();
    expect(await checkpoints(['--reset'])).toMatchObject({
      code: 0,
      text: expect.stringContaining('Deleted 0 checkpoints of order-events-replay.'),
    });
  });
});
