import { EventHubProducerClient } from '@azure/event-hubs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type AzuriteServer, startAzurite } from '../../local/azurite.ts';
import { type EventHubsServer, startEventHubs } from '../../local/event-hubs/server.ts';
import type { FunctionsHostProcess } from '../../local/functions-host/spawn.ts';
import { recorded, startFixture } from '../fixtures/functions-app/start-fixture.mts';

const CONSUMER_GROUPS = ['batch', 'text', 'bytes', 'single', 'failing', 'slow'];
/** Short, so that a send that races a dropped socket is tried again soon. */
const SEND_RETRIES = { maxRetries: 20, retryDelayInMs: 50, timeoutInMs: 1_200 };
const WAIT = { timeout: 15_000 };

let azurite: AzuriteServer;
let eventHubs: EventHubsServer;
/** Each test has a hub of its own, and so its own checkpoints. */
const hubs = Array.from({ length: 13 }, (_, index) => ({
  name: `hub${index}`,
  partitions: 2,
  consumerGroups: CONSUMER_GROUPS,
}));
let used = 0;

beforeAll(async () => {
  [azurite, eventHubs] = await Promise.all([
    startAzurite({ blobPort: 0, queuePort: 0, tablePort: 0 }),
    startEventHubs({ port: 0, hubs }),
  ]);
});
afterAll(async () => {
  await eventHubs?.close();
  await azurite?.close();
});

const nextHub = (): string => hubs[used++]?.name ?? '';
const producerFor = (hub: string) =>
  new EventHubProducerClient(eventHubs.connectionString, hub, { retryOptions: SEND_RETRIES });
const startHost = (hub: string): Promise<FunctionsHostProcess> =>
  startFixture({
    AzureWebJobsStorage: azurite.connectionString,
    EventHubConnection: eventHubs.connectionString,
    HUB: hub,
    SCHEDULE: '0 0 0 1 1 *',
  });

/** A hub for one test, with what the test starts on it. */
function testHub() {
  const hub = nextHub();
  const producer = producerFor(hub);
  onTestFinished(() => producer.close());
  return {
    producer,
    send: (...bodies: unknown[]) =>
      producer.sendBatch(
        bodies.map((body) => ({ body })),
        { partitionId: '0' },
      ),
    start: async (): Promise<FunctionsHostProcess> => {
      const host = await startHost(hub);
      onTestFinished(() => host.stop());
      return host;
    },
  };
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const eventsOf = async (host: FunctionsHostProcess, name: string) =>
  (await recorded(host, name)).flatMap(({ events }) => (Array.isArray(events) ? events : []));
/** The numbers in the log lines of the function `batch`, also of a host that is gone. */
const logged = (host: FunctionsHostProcess) =>
  [...host.output().matchAll(/batch: batch \d+ (\[.*\])/g)].flatMap(([, events = '']): unknown[] => JSON.parse(events));

describe('events', () => {
  let host: FunctionsHostProcess;
  beforeAll(async () => {
    const hub = nextHub();
    const producer = producerFor(hub);
    await producer.sendBatch([{ body: { n: 1 }, properties: { own: 'x' } }, { body: { n: 2 } }], {
      partitionKey: 'key',
    });
    await producer.close();
    host = await startHost(hub);
  });
  afterAll(() => host?.stop());

  it.each([
    ['parsed, without a data type', 'batch', [{ n: 1 }, { n: 2 }]],
    ['as bytes, with the data type binary', 'bytes', [base64({ n: 1 }), base64({ n: 2 })]],
    ['one by one and in order, with cardinality one', 'single', [{ n: 1 }, { n: 2 }]],
  ])('come from the start of the hub %s', async (_how, name, expected) => {
    await expect.poll(() => eventsOf(host, name), WAIT).toEqual(expected);
  });

  it('come with their metadata in a batch', async () => {
    await expect.poll(() => recorded(host, 'batch'), WAIT).toHaveLength(1);
    const [record] = await recorded(host, 'batch');
    expect(record?.metadata).toMatchObject({
      partitionContext: { consumerGroup: 'batch', partitionId: expect.stringMatching(/^[01]$/) },
      partitionKeyArray: ['key', 'key'],
      sequenceNumberArray: [expect.any(Number), expect.any(Number)],
      offsetArray: [expect.any(String), expect.any(String)],
      enqueuedTimeUtcArray: [expect.stringMatching(/Z$/), expect.stringMatching(/Z$/)],
      propertiesArray: [{ own: 'x' }, {}],
      systemPropertiesArray: [{ partitionKey: 'key' }, { partitionKey: 'key' }],
    });
  });

  it('come with their metadata one by one', async () => {
    await expect.poll(() => recorded(host, 'single'), WAIT).toHaveLength(2);
    const [record] = await recorded(host, 'single');
    expect(record?.metadata).toMatchObject({
      partitionKey: 'key',
      sequenceNumber: expect.any(Number),
      properties: { own: 'x' },
    });
  });
});

describe('failures', () => {
  it('are tried again by the policy of the function, then the next events come', async () => {
    const { send, start } = testHub();
    const host = await start();
    await send({ poison: true });
    await expect.poll(() => recorded(host, 'failing'), WAIT).toHaveLength(3);
    await send({ n: 2 });
    await expect
      .poll(
        async () => (await recorded(host, 'failing')).map(({ events, retryContext }) => [events, retryContext]),
        WAIT,
      )
      .toMatchObject([
        [[{ poison: true }], null],
        [[{ poison: true }], { retryCount: 1, maxRetryCount: 2, exception: { message: 'poison' } }],
        [[{ poison: true }], { retryCount: 2, maxRetryCount: 2 }],
        [[{ n: 2 }], null],
      ]);
  });

  it('are checkpointed when the tries are used up', async () => {
    const { send, start } = testHub();
    const first = await start();
    await send({ poison: true });
    await expect.poll(() => recorded(first, 'failing'), WAIT).toHaveLength(3);
    await first.stop();
    const second = await start();
    await send({ n: 2 });
    await expect.poll(() => eventsOf(second, 'failing'), WAIT).toEqual([{ n: 2 }]);
  });

  it('of an event that is not JSON take its whole batch along, before the handler', async () => {
    const { send, start } = testHub();
    await send({ n: 1 }, Buffer.from('no JSON'));
    const host = await start();
    await expect
      .poll(host.output, WAIT)
      .toMatch(/batch: Executed 'Functions.batch' \(Failed.*The event is not JSON: no JSON/s);
    await send({ n: 2 });
    await expect.poll(() => eventsOf(host, 'batch'), WAIT).toEqual([{ n: 2 }]);
  });

  it('come not of such an event with the data type string', async () => {
    const { send, start } = testHub();
    await send({ n: 1 }, Buffer.from('no JSON'));
    const host = await start();
    await expect.poll(() => eventsOf(host, 'text'), WAIT).toEqual([{ n: 1 }, 'no JSON']);
  });
});

describe('a partition', () => {
  it('has one invocation at a time', async () => {
    const { send, start } = testHub();
    const host = await start();
    for (const n of [1, 2, 3, 4]) await send({ n });
    await expect.poll(() => eventsOf(host, 'slowBatch'), WAIT).toHaveLength(4);
    expect((await recorded(host, 'slowBatch')).map(({ parallel }) => parallel)).not.toContain(2);
  });

  it('goes on after its checkpoint', async () => {
    const { send, start } = testHub();
    await send({ n: 1 });
    const first = await start();
    await expect.poll(() => eventsOf(first, 'batch'), WAIT).toEqual([{ n: 1 }]);
    await first.stop();
    await send({ n: 2 });
    const second = await start();
    await expect.poll(() => eventsOf(second, 'batch'), WAIT).toEqual([{ n: 2 }]);
  });

  it('gives a batch again that was in hand when the host stopped, after its handler had ended', async () => {
    const { send, start } = testHub();
    await send({ wait: true });
    const first = await start();
    await expect.poll(first.output, WAIT).toContain('slow started [{"wait":true}]');
    await first.stop();
    expect(first.output()).toContain('slow ended [{"wait":true}]');
    const second = await start();
    await expect.poll(second.output, WAIT).toContain('slow started [{"wait":true}]');
  });
});

describe('connections', () => {
  it('that were dropped come back with no event lost', async () => {
    const { send, start } = testHub();
    const host = await start();
    await send({ n: 1 });
    await expect.poll(() => eventsOf(host, 'batch'), WAIT).toEqual([{ n: 1 }]);
    eventHubs.dropConnections();
    await send({ n: 2 });
    await expect.poll(() => eventsOf(host, 'batch'), WAIT).toEqual([{ n: 1 }, { n: 2 }]);
  });
});

describe('Event Hubs that are away', () => {
  it('at the start are waited for', async () => {
    const { send, start } = testHub();
    onTestFinished(() => eventHubs.setAvailable(true));
    eventHubs.setAvailable(false);
    const host = await start();
    eventHubs.setAvailable(true);
    await send({ n: 1 });
    await expect.poll(() => eventsOf(host, 'batch'), WAIT).toEqual([{ n: 1 }]);
  });
});

describe('two hosts', () => {
  it('share the partitions; the work of a killed one goes over', async () => {
    const { producer, start } = testHub();
    const [first, second] = await Promise.all([start(), start()]);
    const send = (n: number) =>
      Promise.all(['0', '1'].map((partitionId) => producer.sendBatch([{ body: n }], { partitionId })));
    let n = 0;
    await expect
      .poll(async () => {
        await send(n++);
        return logged(first).length > 0 && logged(second).length > 0;
      }, WAIT)
      .toBe(true);
    await first.kill();
    await send(1_000);
    await expect.poll(() => logged(second).filter((event) => event === 1_000), WAIT).toHaveLength(2);
  });
});
