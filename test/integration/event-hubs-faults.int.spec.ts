import { setTimeout } from 'node:timers/promises';
import { EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEventHubs } from '../../local/event-hubs/server.ts';
import {
  bodies,
  bufferedProducerFor,
  consumerFor,
  HUB,
  numbered,
  producerFor,
  receive,
  startHub,
} from './event-hubs-clients.ts';

const EVERYTHING = { startPosition: earliestEventPosition, maxBatchSize: 10 };
const NUMBERS = numbered(40).map(({ body }) => body);

describe('Event Hubs: names that do not exist', () => {
  it('does not find an unknown hub for properties', async () => {
    const server = await startHub();
    await expect(producerFor(server, 'unknown').getPartitionIds()).rejects.toMatchObject({
      code: 'MessagingEntityNotFoundError',
    });
  });

  it('does not find an unknown hub for sending', async () => {
    const server = await startHub();
    await expect(producerFor(server, 'unknown').sendBatch(numbered(1))).rejects.toMatchObject({
      code: 'MessagingEntityNotFoundError',
    });
  });

  it('does not find an unknown hub for receiving', async () => {
    const server = await startHub();
    const consumer = consumerFor(server, '$Default', 'unknown');
    await expect(receive(consumer, { partitionId: '0' })).rejects.toMatchObject({
      code: 'MessagingEntityNotFoundError',
    });
  });

  it('does not find an unknown consumer group', async () => {
    const server = await startHub();
    await expect(receive(consumerFor(server, 'unknown'), { partitionId: '0' })).rejects.toMatchObject({
      code: 'MessagingEntityNotFoundError',
    });
  });

  it('has no unknown partition to ask about', async () => {
    const server = await startHub();
    await expect(producerFor(server).getPartitionProperties('4')).rejects.toMatchObject({
      code: 'ArgumentOutOfRangeError',
    });
  });

  it('has no unknown partition to send to', async () => {
    const server = await startHub();
    await expect(producerFor(server).sendBatch(numbered(1), { partitionId: '4' })).rejects.toMatchObject({
      code: 'ArgumentOutOfRangeError',
    });
  });

  it('has no unknown partition to receive from', async () => {
    const server = await startHub();
    await expect(receive(consumerFor(server), { partitionId: '4' })).rejects.toMatchObject({
      code: 'ArgumentOutOfRangeError',
    });
  });
});

describe('Event Hubs: dropped connections', () => {
  it('lose no event of a producer that sends on', async () => {
    const server = await startHub();
    const producer = producerFor(server);
    for (const event of numbered(40)) {
      if (event.body === 20) server.dropConnections();
      await producer.sendBatch([event], { partitionKey: 'order-1' });
    }
    expect(firstSightings(server.events(HUB).map(({ body }) => Number(body)))).toEqual(NUMBERS);
  });

  it('make an idempotent producer store nothing twice', async () => {
    const server = await startHub({ partitions: 1 });
    const producer = bufferedProducerFor(server, true);
    for (const event of numbered(40)) {
      if (event.body === 20) server.dropConnections();
      await producer.enqueueEvent(event);
    }
    await producer.flush();
    expect(server.events(HUB).map(({ body }) => Number(body))).toEqual(NUMBERS);
  });

  it('lose and reorder no event of an open subscriber', async () => {
    const server = await startHub();
    await producerFor(server).sendBatch(numbered(20), { partitionKey: 'order-1' });
    const dropped = dropOnce(() => server.dropConnections());
    const received = receive(consumerFor(server), { ...EVERYTHING, count: 40, onEvents: dropped.onEvents });
    await dropped.happened;
    await producerFor(server).sendBatch(numbered(20, 20), { partitionKey: 'order-1' });
    expect(firstSightings(bodies(await received))).toEqual(NUMBERS);
  });
});

describe('Event Hubs: being down', () => {
  it('fails a producer that tries once', async () => {
    const server = await startHub();
    server.setAvailable(false);
    const producer = new EventHubProducerClient(server.connectionString, HUB, { retryOptions: { maxRetries: 0 } });
    onTestFinished(() => producer.close());
    await expect(producer.sendBatch(numbered(1))).rejects.toMatchObject({ retryable: true });
  });

  it('keeps nothing of what a producer tried to send', async () => {
    const server = await startHub();
    const producer = producerFor(server);
    server.setAvailable(false);
    const sending = producer.sendBatch(numbered(1));
    expect(server.events(HUB)).toEqual([]);
    server.setAvailable(true);
    await sending;
  });

  it('lets a producer go on when it is up again', async () => {
    const server = await startHub();
    const producer = producerFor(server);
    await producer.sendBatch(numbered(20), { partitionKey: 'order-1' });
    server.setAvailable(false);
    await setTimeout(20); // the producer notices, so it has to reconnect
    const sending = producer.sendBatch(numbered(20, 20), { partitionKey: 'order-1' });
    await setTimeout(100); // and finds the door closed a few times
    server.setAvailable(true);
    await sending;
    expect(firstSightings(server.events(HUB).map(({ body }) => Number(body)))).toEqual(NUMBERS);
  });

  it('lets a subscriber go on where it was when it is up again', async () => {
    const server = await startHub();
    await producerFor(server).sendBatch(numbered(20), { partitionKey: 'order-1' });
    const dropped = dropOnce(() => server.setAvailable(false));
    const received = receive(consumerFor(server), { ...EVERYTHING, count: 40, onEvents: dropped.onEvents });
    await dropped.happened;
    server.setAvailable(true);
    await producerFor(server).sendBatch(numbered(20, 20), { partitionKey: 'order-1' });
    expect(firstSightings(bodies(await received))).toEqual(NUMBERS);
  });

  it('does not keep the process from closing it', async () => {
    const server = await startEventHubs({ port: 0, hubs: [] });
    server.setAvailable(false);
    await expect(server.close()).resolves.toBeUndefined();
  });
});

/** Delivery is at least once: an event may come again, but none comes first after a later one. */
function firstSightings<T>(seen: readonly T[]): T[] {
  return [...new Set(seen)];
}

function dropOnce(drop: () => void) {
  const happened = Promise.withResolvers<void>();
  let done = false;
  return {
    happened: happened.promise,
    onEvents: async (events: readonly unknown[]) => {
      if (done || events.length === 0) return;
      done = true;
      drop();
      happened.resolve();
    },
  };
}
