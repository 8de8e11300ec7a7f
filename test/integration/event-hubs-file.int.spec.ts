import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import rhea from 'rhea';
import { describe, expect, it } from 'vitest';
import { type EventHubsServer, startEventHubs } from '../../local/event-hubs/server.ts';
import { startStandIn, temporaryFile } from '../support/stand-in-process.ts';
import { openSender } from './event-hubs-amqp-client.ts';
import { bodies, consumerFor, HUB, numbered, RETRY, receive, startHub, type TestHub } from './event-hubs-clients.ts';

const START = { port: 0, hubs: [{ name: HUB, partitions: 2, consumerGroups: ['details'] }] };

describe('Event Hubs in a file: a restart', () => {
  it('keeps every event with its place, time, key and properties', async () => {
    const file = await temporaryFile('hubs.db');
    const before = await run(file, async (server) => {
      await producing(server, async (producer) => {
        await producer.sendBatch([{ body: { n: 1 }, properties: { type: 'A' } }], { partitionKey: 'order-1' });
        await producer.sendBatch(numbered(3), { partitionId: '1' });
      });
      return server.events(HUB);
    });
    expect(await run(file, async (server) => server.events(HUB))).toEqual(before);
    expect(before).toHaveLength(4);
  });

  it('keeps what a client can ask about a partition', async () => {
    const file = await temporaryFile('hubs.db');
    const ask = (server: EventHubsServer) => producing(server, (producer) => producer.getPartitionProperties('0'));
    const before = await run(file, async (server) => {
      await send(server, 3);
      return ask(server);
    });
    expect(await run(file, ask)).toEqual(before);
  });

  it('numbers the next event after the last one', async () => {
    const file = await temporaryFile('hubs.db');
    await run(file, (server) => send(server, 2));
    const numbers = await run(file, async (server) => {
      await send(server, 2);
      return server.events(HUB).map(({ sequenceNumber }) => sequenceNumber);
    });
    const [first = 0] = numbers;
    expect(numbers).toEqual([first, first + 1, first + 2, first + 3]);
  });

  it('lets a reader resume after the event it had', async () => {
    const file = await temporaryFile('hubs.db');
    const offset = await run(file, async (server) => {
      await send(server, 5);
      const read = await consuming(server, (consumer) => receive(consumer, { ...fromStart, count: 5 }));
      return read[2]?.event.offset ?? '';
    });
    const read = await run(file, (server) =>
      consuming(server, (consumer) => receive(consumer, { partitionId: '0', startPosition: { offset }, count: 2 })),
    );
    expect(bodies(read)).toEqual([3, 4]);
  });

  it('recognizes an event that an idempotent producer sent before it', async () => {
    const file = await temporaryFile('hubs.db');
    const sendNumbered = async (server: EventHubsServer, ...sequences: readonly number[]) => {
      const sender = await openSender(server, `${HUB}/Partitions/0`);
      for (const sequence of sequences) {
        sender.send(numberedEvent(sequence));
        await once(sender, 'accepted');
      }
    };
    await run(file, (server) => sendNumbered(server, 1, 2));
    const stored = await run(file, async (server) => {
      await sendNumbered(server, 2, 3);
      return server.events(HUB).map(({ body }) => String(body));
    });
    expect(stored).toEqual(['1', '2', '3']);
  });

  it('keeps only the newest events when there are more than its limit', async () => {
    const file = await temporaryFile('hubs.db');
    const limit = { maxEventsPerPartition: 10 };
    await run(file, (server) => send(server, 25), limit);
    const stored = await run(file, async (server) => server.events(HUB).map(({ body }) => Number(body)));
    expect(stored).toEqual(numbered(10, 15).map(({ body }) => body));
  });
});

describe('Event Hubs in a file', () => {
  it('has every event that was acknowledged or read after a kill -9', async () => {
    const file = await temporaryFile('hubs.db');
    const { connectionString, kill } = await startStandIn('event-hubs', { ...START, file });
    const server = { connectionString };
    const acknowledged: number[] = [];
    const seen: number[] = [];
    const subscription = consumerFor(server).subscribe(
      '0',
      {
        processEvents: async (events) => void seen.push(...events.map(({ body }) => body)),
        processError: async () => {},
      },
      { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 0.1 },
    );
    const options = { retryOptions: { ...RETRY, maxRetries: 0 } };
    const producers = [0, 1, 2, 3].map(() => new EventHubProducerClient(connectionString, HUB, options));
    const sending = Promise.allSettled(
      producers.map(async (producer, index) => {
        for (let n = index; ; n += producers.length) {
          await producer.sendBatch([{ body: n }], { partitionId: '0' });
          acknowledged.push(n);
        }
      }),
    );
    while (acknowledged.length < 200 || seen.length === 0) await setTimeout(5);
    await kill();
    await sending;
    await Promise.all([subscription.close(), ...producers.map((producer) => producer.close())]);
    const stored = await run(file, async (after) => new Set(after.events(HUB).map(({ body }) => Number(body))));
    expect([...acknowledged, ...seen].filter((n) => !stored.has(n))).toEqual([]);
  });

  it('creates a partition that the file does not have', async () => {
    const file = await temporaryFile('hubs.db');
    await run(file, (server) => send(server, 1));
    const ids = await run(file, (server) => producing(server, (producer) => producer.getPartitionIds()), {
      partitions: 3,
    });
    expect(ids).toEqual(['0', '1', '2']);
  });

  it('refuses a file that another instance has open', async () => {
    const file = await temporaryFile('hubs.db');
    await startHub({ file });
    await expect(startEventHubs({ ...START, file })).rejects.toThrow('database is locked');
  });

  it('releases its file when it cannot listen', async () => {
    const file = await temporaryFile('hubs.db');
    const { port } = await startHub();
    await expect(startEventHubs({ ...START, port, file })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await run(file, async () => {});
  });
});

const fromStart = { partitionId: '0', startPosition: earliestEventPosition };

/** Runs a server on the file until the work is done. */
async function run<T>(
  file: string,
  work: (server: EventHubsServer) => Promise<T>,
  { partitions = 2, ...options }: { partitions?: number; maxEventsPerPartition?: number } = {},
): Promise<T> {
  const hubs = [{ name: HUB, partitions, consumerGroups: ['details'] }];
  const server = await startEventHubs({ port: 0, hubs, file, ...options });
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

/** Clients are closed before their server: their close waits a minute for one that has gone. */
async function producing<T>(server: TestHub, work: (client: EventHubProducerClient) => Promise<T>): Promise<T> {
  const client = new EventHubProducerClient(server.connectionString, HUB, { retryOptions: RETRY });
  return work(client).finally(() => client.close());
}

async function consuming<T>(server: TestHub, work: (client: EventHubConsumerClient) => Promise<T>): Promise<T> {
  const client = new EventHubConsumerClient('details', server.connectionString, HUB, { retryOptions: RETRY });
  return work(client).finally(() => client.close());
}

function send(server: TestHub, count: number): Promise<void> {
  return producing(server, (producer) => producer.sendBatch(numbered(count), { partitionId: '0' }));
}

function numberedEvent(sequence: number) {
  return {
    body: rhea.message.data_section(Buffer.from(String(sequence))),
    message_annotations: {
      'com.microsoft:producer-id': rhea.types.wrap_long(7),
      'com.microsoft:producer-sequence-number': rhea.types.wrap_int(sequence),
    },
  };
}
