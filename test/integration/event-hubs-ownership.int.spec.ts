import {
  EventHubConsumerClient,
  earliestEventPosition,
  type PartitionContext,
  type ReceivedEventData,
  type Subscription,
} from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { ContainerClient } from '@azure/storage-blob';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { EventHubsServer } from '../../local/event-hubs/server.ts';
import { newStorageAccount } from '../support/system/storage-account.ts';
import { bodies, consumerFor, GROUPS, numbered, producerFor, receive, startHub } from './event-hubs-clients.ts';

/** Time limit (ms) for quick operations; much more than they take on a busy machine. */
const PATIENCE = { timeout: 120_000 };

const ONE_PARTITION = { partitionId: '0', startPosition: earliestEventPosition, maxBatchSize: 10 };

describe('Event Hubs: owner levels', () => {
  it.each([
    { name: 'an equal', level: 5 },
    { name: 'a higher', level: 6 },
  ])('takes the partition from a reader for one of $name level', async ({ level }) => {
    const server = await startHub({ partitions: 1 });
    const first = await hold(server, 5);
    await hold(server, level);
    expect(await first.error).toMatchObject({ code: 'ReceiverDisconnectedError' });
  });

  it('takes the partition from a reader without a level', async () => {
    const server = await startHub({ partitions: 1 });
    const first = await hold(server, undefined);
    await hold(server, 1);
    expect(await first.error).toMatchObject({ code: 'ReceiverDisconnectedError' });
  });

  it.each([
    { name: 'a lower level', level: { ownerLevel: 4 } },
    { name: 'no level', level: {} },
  ])('refuses a reader of $name', async ({ level }) => {
    const server = await startHub({ partitions: 1 });
    await hold(server, 5);
    await expect(receive(consumerFor(server), { ...ONE_PARTITION, ...level })).rejects.toMatchObject({
      code: 'ReceiverDisconnectedError',
    });
  });

  it('lets another consumer group read beside the owner', async () => {
    const server = await startHub({ partitions: 1 });
    await hold(server, 5);
    expect(bodies(await receive(consumerFor(server, GROUPS[1]), ONE_PARTITION))).toEqual([0]);
  });

  it('lets a reader of a lower level in when the owner has gone', async () => {
    const server = await startHub({ partitions: 1 });
    const first = await hold(server, 5);
    await first.subscription.close();
    expect(bodies(await receive(consumerFor(server), { ...ONE_PARTITION, ownerLevel: 4 }))).toEqual([0]);
  });

  it('refuses a sixth reader without a level', async () => {
    const server = await startHub({ partitions: 1 });
    await hold(server, undefined);
    await Promise.all(Array.from({ length: 4 }, () => hold(server, undefined)));
    await expect(receive(consumerFor(server), ONE_PARTITION)).rejects.toMatchObject({ code: 'QuotaExceededError' });
  });
});

describe('Event Hubs: checkpoints in Azure Storage', () => {
  let storage: string;
  beforeAll(async () => {
    storage = (await newStorageAccount()).connectionString;
  });

  async function checkpointStore(): Promise<BlobCheckpointStore> {
    const container = new ContainerClient(storage, `checkpoints-${crypto.randomUUID()}`);
    await container.create();
    return new BlobCheckpointStore(container);
  }

  it('resumes after the checkpoint', async () => {
    const server = await startHub({ partitions: 1, empty: true });
    const store = await checkpointStore();
    await producerFor(server).sendBatch(numbered(10));
    await receive(processor(server, store), {
      startPosition: earliestEventPosition,
      maxBatchSize: 4,
      count: 4,
      onEvents: async (events, context) => {
        const [, , third] = events;
        if (third?.body === 2) await context.updateCheckpoint(third);
      },
    });
    const resumed = await receive(processor(server, store), { startPosition: earliestEventPosition, count: 7 });
    expect(bodies(resumed)).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });

  it('shares the partitions between two consumers, each event going to one of them', async () => {
    const server = await startHub({ partitions: 4, empty: true });
    const store = await checkpointStore();
    const [one, two] = await balanced(server, store);
    const producer = producerFor(server);
    for (const partitionId of ['0', '1', '2', '3']) await producer.sendBatch(numbered(5), { partitionId });
    await vi.waitFor(() => expect([one.seen.length, two.seen.length]).toEqual([10, 10]), PATIENCE);
  });

  it('gives the partitions of a consumer that ends to the other', async () => {
    const server = await startHub({ partitions: 4, empty: true });
    const store = await checkpointStore();
    const [one, two] = await balanced(server, store);
    await one.subscription.close();
    await vi.waitFor(() => expect(two.partitions.size).toBe(4), PATIENCE);
  });
});

/** A reader that has the partition (its first event has arrived) and keeps it until the test ends. */
async function hold(server: EventHubsServer, ownerLevel: number | undefined) {
  if (server.events('orders').length === 0) await producerFor(server).sendBatch(numbered(1));
  const attached = Promise.withResolvers<void>();
  const error = Promise.withResolvers<Error>();
  const subscription = consumerFor(server).subscribe(
    '0',
    {
      processEvents: async ([first]) => {
        if (first !== undefined) attached.resolve();
      },
      processError: async (fault) => error.resolve(fault),
    },
    { startPosition: earliestEventPosition, ...(ownerLevel !== undefined && { ownerLevel }) },
  );
  onTestFinished(() => subscription.close());
  await attached.promise;
  return { error: error.promise, subscription };
}

function processor(server: EventHubsServer, store: BlobCheckpointStore): EventHubConsumerClient {
  const client = new EventHubConsumerClient(GROUPS[0], server.connectionString, 'orders', store, {
    loadBalancingOptions: {
      strategy: 'greedy',
      updateIntervalInMs: 100,
      partitionOwnershipExpirationIntervalInMs: 60_000,
    },
  });
  onTestFinished(() => client.close());
  return client;
}

/** Two consumers with two of four partitions each: one after the other, since claims at the same time settle late. */
async function balanced(server: EventHubsServer, store: BlobCheckpointStore): Promise<[Processing, Processing]> {
  const one = processing(server, store);
  await vi.waitFor(() => expect(one.partitions.size).toBe(4), PATIENCE);
  const two = processing(server, store);
  await vi.waitFor(() => expect([one.partitions.size, two.partitions.size]).toEqual([2, 2]), PATIENCE);
  return [one, two];
}

interface Processing {
  readonly partitions: Set<string>;
  readonly seen: unknown[];
  readonly subscription: Subscription;
}

function processing(server: EventHubsServer, store: BlobCheckpointStore): Processing {
  const partitions = new Set<string>();
  const seen: unknown[] = [];
  const subscription = processor(server, store).subscribe(
    {
      processInitialize: async ({ partitionId }) => void partitions.add(partitionId),
      processClose: async (_, { partitionId }) => void partitions.delete(partitionId),
      processEvents: async (events: ReceivedEventData[], context: PartitionContext) => {
        const last = events.at(-1);
        if (last === undefined) return;
        seen.push(...events);
        await context.updateCheckpoint(last);
      },
      processError: async () => {},
    },
    { startPosition: earliestEventPosition, maxBatchSize: 10, maxWaitTimeInSeconds: 1 },
  );
  onTestFinished(() => subscription.close());
  return { partitions, seen, subscription };
}
