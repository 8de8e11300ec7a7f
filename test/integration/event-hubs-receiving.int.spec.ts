import { setTimeout } from 'node:timers/promises';
import { type EventPosition, earliestEventPosition, latestEventPosition } from '@azure/event-hubs';
import { describe, expect, it } from 'vitest';
import { bodies, consumerFor, GROUPS, HUB, numbered, producerFor, receive, startHub } from './event-hubs-clients.ts';

const EVERYTHING = { partitionId: '0', startPosition: earliestEventPosition };

describe('Event Hubs: receiving', () => {
  it('delivers an event as it was sent, with its place in the partition', async () => {
    const server = await startHub({ partitions: 1 });
    const sent = {
      body: { orderId: 'o-1', total: 29.99 },
      properties: { type: 'OrderPlaced', version: 1, ratio: 1.5, urgent: true },
      contentType: 'application/json',
      correlationId: 'c-1',
      messageId: 'm-1',
    };
    await producerFor(server).sendBatch([sent], { partitionKey: 'o-1' });
    const [received] = await receive(consumerFor(server), EVERYTHING);
    const [stored] = server.events(HUB);
    expect(received?.event).toMatchObject({
      ...sent,
      partitionKey: 'o-1',
      sequenceNumber: stored?.sequenceNumber,
      enqueuedTimeUtc: stored?.enqueuedTime,
      offset: expect.stringMatching(/^\d+$/),
    });
  });

  it('delivers binary bodies untouched', async () => {
    const server = await startHub({ partitions: 1 });
    const body = Buffer.from([0, 255, 0x53, 0x75, 128]);
    await producerFor(server).sendBatch([{ body }]);
    expect(bodies(await receive(consumerFor(server), EVERYTHING))).toEqual([body]);
  });

  it('delivers AMQP values with their types', async () => {
    const server = await startHub({ partitions: 1 });
    await producerFor(server).sendBatch([{ body: { list: [1, 'two'] }, bodyType: 'value' }]);
    expect(bodies(await receive(consumerFor(server), EVERYTHING))).toEqual([{ list: [1, 'two'] }]);
  });

  it.each(['$Default', ...GROUPS])('gives every event to consumer group %s', async (group) => {
    const server = await startHub();
    const producer = producerFor(server);
    for (const partitionId of ['0', '1', '2', '3']) await producer.sendBatch(numbered(5), { partitionId });
    const received = await receive(consumerFor(server, group), { startPosition: earliestEventPosition, count: 20 });
    expect(received).toHaveLength(20);
  });

  it('gives every event to each of several readers of a partition', async () => {
    const server = await startHub({ partitions: 1 });
    await producerFor(server).sendBatch(numbered(3));
    const readers = [consumerFor(server), consumerFor(server), consumerFor(server)];
    const received = await Promise.all(readers.map((reader) => receive(reader, { ...EVERYTHING, count: 3 })));
    expect(received.map(bodies)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  it('delivers more events than credit and buffers hold at once, in order', async () => {
    const server = await startHub({ partitions: 1 });
    const producer = producerFor(server);
    for (let first = 0; first < 10_000; first += 1000) await producer.sendBatch(numbered(1000, first));
    const options = { ...EVERYTHING, count: 10_000, maxBatchSize: 2000, prefetchCount: 6000 };
    expect(bodies(await receive(consumerFor(server), options))).toEqual(numbered(10_000).map(({ body }) => body));
  });

  it('delivers events to a reader that waits for them', async () => {
    const server = await startHub({ partitions: 1 });
    const producer = producerFor(server);
    await producer.sendBatch(numbered(1));
    const sendMore = async () => producer.sendBatch(numbered(1, 1));
    const received = await receive(consumerFor(server), { ...EVERYTHING, count: 2, onEvents: onFirst(sendMore) });
    expect(bodies(received)).toEqual([0, 1]);
  });

  it('tells the newest event of the partition to a reader that tracks it', async () => {
    const server = await startHub({ partitions: 1 });
    const producer = producerFor(server);
    await producer.sendBatch(numbered(3));
    const { lastEnqueuedSequenceNumber, lastEnqueuedOffset, lastEnqueuedOnUtc } =
      await producer.getPartitionProperties('0');
    const tracked: unknown[] = [];
    await receive(consumerFor(server), {
      ...EVERYTHING,
      trackLastEnqueuedEventProperties: true,
      onEvents: async (_, { lastEnqueuedEventProperties }) => void tracked.push({ ...lastEnqueuedEventProperties }),
    });
    expect(tracked[0]).toEqual({
      sequenceNumber: lastEnqueuedSequenceNumber,
      offset: lastEnqueuedOffset,
      enqueuedOn: lastEnqueuedOnUtc,
      retrievedOn: expect.any(Date),
    });
  });
});

describe('Event Hubs: where a reader starts', () => {
  it('starts with the first event at "earliest"', async () => {
    const { from } = await fiveEvents();
    expect(await from(earliestEventPosition, 5)).toEqual([0, 1, 2, 3, 4]);
  });

  it.each([
    { name: 'beyond', isInclusive: false, expected: [3, 4] },
    { name: 'at', isInclusive: true, expected: [2, 3, 4] },
  ])('starts $name a sequence number', async ({ isInclusive, expected }) => {
    const { third, from } = await fiveEvents();
    expect(await from({ sequenceNumber: third.lastEnqueuedSequenceNumber, isInclusive }, expected.length)).toEqual(
      expected,
    );
  });

  it.each([
    { name: 'beyond', isInclusive: false, expected: [3, 4] },
    { name: 'at', isInclusive: true, expected: [2, 3, 4] },
  ])('starts $name an offset', async ({ isInclusive, expected }) => {
    const { third, from } = await fiveEvents();
    expect(await from({ offset: third.lastEnqueuedOffset, isInclusive }, expected.length)).toEqual(expected);
  });

  it('starts beyond a time', async () => {
    const { third, from } = await fiveEvents();
    expect(await from({ enqueuedOn: third.lastEnqueuedOnUtc }, 2)).toEqual([3, 4]);
  });

  it('starts with the oldest event kept when the position is older', async () => {
    const server = await startHub({ partitions: 1, maxEventsPerPartition: 2 });
    const { beginningSequenceNumber } = await producerFor(server).getPartitionProperties('0');
    await producerFor(server).sendBatch(numbered(5));
    const received = await receive(consumerFor(server), {
      startPosition: { sequenceNumber: beginningSequenceNumber },
      count: 2,
    });
    expect(bodies(received)).toEqual([3, 4]);
  });

  it('starts with the next event at "latest"', async () => {
    const server = await startHub({ partitions: 1 });
    const producer = producerFor(server);
    await producer.sendBatch([{ body: 'old' }]);
    // The SDK does not tell when the reader is attached, so new events keep coming until one arrives.
    const timer = setInterval(() => void producer.sendBatch([{ body: 'new' }]), 20);
    const received = await receive(consumerFor(server), { startPosition: latestEventPosition });
    clearInterval(timer);
    expect(bodies(received)).not.toContain('old');
  });
});

/** Events 0 to 4, the place of event 2, and a way to read from a position on. */
async function fiveEvents() {
  const server = await startHub({ partitions: 1 });
  const producer = producerFor(server);
  await producer.sendBatch(numbered(3));
  const third = await producer.getPartitionProperties('0');
  await setTimeout(2); // the next events come at a later millisecond
  await producer.sendBatch(numbered(2, 3));
  const from = async (startPosition: EventPosition, count: number) =>
    bodies(await receive(consumerFor(server), { partitionId: '0', startPosition, count }));
  return { third, from };
}

function onFirst(action: () => Promise<void>): () => Promise<void> {
  let done = false;
  return async () => {
    if (done) return;
    done = true;
    await action();
  };
}
