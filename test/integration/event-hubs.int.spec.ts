import { once } from 'node:events';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEventHubs } from '../../local/event-hubs/server.ts';
import { bufferedProducerFor, HUB, numbered, producerFor, startHub } from './event-hubs-clients.ts';

describe('Event Hubs: what a client can ask about a hub', () => {
  it('tells its name and partitions', async () => {
    const server = await startHub({ partitions: 3 });
    expect(await producerFor(server).getEventHubProperties()).toEqual({
      name: HUB,
      createdOn: expect.any(Date),
      partitionIds: ['0', '1', '2'],
      isGeoDrEnabled: false,
    });
  });

  it('looks names up without regard to case', async () => {
    const server = await startHub({ partitions: 4 });
    expect(await producerFor(server, HUB.toUpperCase()).getPartitionIds()).toEqual(['0', '1', '2', '3']);
  });

  it('reports that a partition is empty', async () => {
    const server = await startHub({ empty: true });
    expect(await producerFor(server).getPartitionProperties('1')).toMatchObject({
      eventHubName: HUB,
      partitionId: '1',
      isEmpty: true,
      lastEnqueuedOffset: '-1',
    });
  });

  it('tells where a partition begins and ends', async () => {
    const server = await startHub();
    const producer = producerFor(server);
    await producer.sendBatch(numbered(5), { partitionId: '1' });
    const [first, ...others] = server.events(HUB);
    const last = others.at(-1);
    expect(await producer.getPartitionProperties('1')).toMatchObject({
      isEmpty: false,
      beginningSequenceNumber: first?.sequenceNumber,
      lastEnqueuedSequenceNumber: last?.sequenceNumber,
      lastEnqueuedOnUtc: last?.enqueuedTime,
    });
  });
});

describe('Event Hubs: sending', () => {
  it('keeps an event as it was sent', async () => {
    const server = await startHub({ partitions: 1 });
    await producerFor(server).sendBatch([{ body: { total: 29.99 }, properties: { type: 'OrderPlaced', n: 7 } }], {
      partitionKey: 'order-1',
    });
    expect(server.events(HUB)).toEqual([
      {
        partitionId: '0',
        sequenceNumber: expect.any(Number),
        partitionKey: 'order-1',
        body: Buffer.from('{"total":29.99}'),
        properties: { type: 'OrderPlaced', n: 7 },
        enqueuedTime: expect.any(Date),
      },
    ]);
  });

  it('puts events for a partition into that partition', async () => {
    const server = await startHub();
    await producerFor(server).sendBatch(numbered(3), { partitionId: '2' });
    expect(server.events(HUB).map(({ partitionId }) => partitionId)).toEqual(['2', '2', '2']);
  });

  it('spreads batches without a key over all partitions', async () => {
    const server = await startHub({ partitions: 4 });
    const producer = producerFor(server);
    for (const event of numbered(8)) await producer.sendBatch([event]);
    expect(server.events(HUB).map(({ partitionId }) => partitionId)).toEqual(['0', '0', '1', '1', '2', '2', '3', '3']);
  });

  it('keeps the events of a batch together and in order', async () => {
    const server = await startHub();
    const producer = producerFor(server);
    const batch = await producer.createBatch({ partitionKey: 'order-1' });
    for (const event of numbered(500)) batch.tryAdd(event);
    await producer.sendBatch(batch);
    expect(server.events(HUB).map(({ body }) => Number(body))).toEqual(numbered(500).map(({ body }) => body));
  });

  it('numbers the events of a partition without a gap', async () => {
    const server = await startHub({ partitions: 1 });
    const producer = producerFor(server);
    await Promise.all(numbered(20).map((event) => producer.sendBatch([event])));
    const numbers = server.events(HUB).map(({ sequenceNumber }) => sequenceNumber);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  });

  it('hashes a key to the partition that the buffered producer chooses for it', async () => {
    const server = await startHub({ partitions: 7 });
    const sample = fc.sample(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), { numRuns: 300, seed: 1 });
    const keys = [...new Set(sample)];
    const producer = producerFor(server);
    const buffered = bufferedProducerFor(server);
    await Promise.all(keys.map((key) => producer.sendBatch([{ body: key }], { partitionKey: key })));
    for (const key of keys) await buffered.enqueueEvent({ body: key }, { partitionKey: key });
    await buffered.flush();
    const placesOfKeys = new Set(server.events(HUB).map(({ body, partitionId }) => `${body} ${partitionId}`));
    expect({ events: server.events(HUB).length, places: placesOfKeys.size }).toEqual({
      events: 2 * keys.length,
      places: keys.length,
    });
  });

  it('refuses a message that is too large', async () => {
    const server = await startHub();
    await expect(producerFor(server).sendBatch([{ body: 'x'.repeat(1_048_576) }])).rejects.toMatchObject({
      code: 'MessageTooLargeError',
    });
  });

  it('takes further events from a producer whose message was too large', async () => {
    const server = await startHub();
    const producer = producerFor(server);
    await producer.sendBatch([{ body: 'x'.repeat(1_048_576) }]).catch(() => {});
    await producer.sendBatch(numbered(1));
    expect(server.events(HUB)).toHaveLength(1);
  });

  it('numbers the events of an idempotent producer and stores each once', async () => {
    const server = await startHub({ partitions: 2 });
    const producer = bufferedProducerFor(server, true);
    for (const event of numbered(100)) await producer.enqueueEvent(event);
    await producer.flush();
    const stored = server.events(HUB).map(({ body }) => Number(body));
    expect(stored.toSorted((a, b) => a - b)).toEqual(numbered(100).map(({ body }) => body));
  });
});

describe('Event Hubs: bounded memory', () => {
  it('keeps the newest events of each partition', async () => {
    const server = await startHub({ partitions: 1, maxEventsPerPartition: 10 });
    await producerFor(server).sendBatch(numbered(25));
    expect(server.events(HUB).map(({ body }) => Number(body))).toEqual(numbered(10, 15).map(({ body }) => body));
  });

  it('moves the beginning of the partition on', async () => {
    const server = await startHub({ partitions: 1, maxEventsPerPartition: 10 });
    const producer = producerFor(server);
    const { beginningSequenceNumber } = await producer.getPartitionProperties('0');
    await producer.sendBatch(numbered(25));
    expect(await producer.getPartitionProperties('0')).toMatchObject({
      beginningSequenceNumber: beginningSequenceNumber + 15,
    });
  });
});

describe('Event Hubs: starting', () => {
  it('rejects with EADDRINUSE when the port is taken', async () => {
    const { port } = await startHub();
    await expect(startEventHubs({ port, hubs: [] })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('gives the port free on close', async () => {
    const server = await startEventHubs({ port: 0, hubs: [] });
    await server.close();
    const other = createServer().listen(server.port, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
  });

  it('numbers events higher than an earlier start did, so that old checkpoints skip nothing', async () => {
    const before = await startHub({ partitions: 1 });
    await producerFor(before).sendBatch(numbered(10));
    const after = await startHub({ partitions: 1 });
    await producerFor(after).sendBatch(numbered(1));
    const last = before.events(HUB).at(-1)?.sequenceNumber;
    expect(after.events(HUB)[0]?.sequenceNumber).toBeGreaterThan(last ?? Number.POSITIVE_INFINITY);
  });
});
