import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionsHostProcess } from '../../local/functions-host/spawn.ts';
import {
  eventsOf,
  nextHub,
  producerFor,
  startHost,
  testHub,
  useEventHubs,
} from '../fixtures/functions-app/event-hub-fixture.mts';
import { recorded } from '../fixtures/functions-app/start-fixture.mts';

useEventHubs();
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

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
    ['as parsed JSON without a data type', 'batch', [{ n: 1 }, { n: 2 }]],
    ['as bytes with the data type binary', 'bytes', [base64({ n: 1 }), base64({ n: 2 })]],
    ['one by one and in order with cardinality one', 'single', [{ n: 1 }, { n: 2 }]],
  ])('arrive from the start of the hub %s', async (_how, name, expected) => {
    await expect.poll(() => eventsOf(host, name)).toEqual(expected);
  });

  it('arrive with their metadata in a batch', async () => {
    await expect.poll(() => recorded(host, 'batch')).toHaveLength(1);
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

  it('arrive with their metadata one by one', async () => {
    await expect.poll(() => recorded(host, 'single')).toHaveLength(2);
    const [record] = await recorded(host, 'single');
    expect(record?.metadata).toMatchObject({
      partitionKey: 'key',
      sequenceNumber: expect.any(Number),
      properties: { own: 'x' },
    });
  });
});

describe.concurrent('failures', () => {
  it('are retried by the policy of the function before the next events arrive', async (context) => {
    const { expect } = context;
    const { send, start } = testHub(context);
    const host = await start();
    await send({ poison: true });
    await expect.poll(() => recorded(host, 'failing')).toHaveLength(3);
    await send({ n: 2 });
    await expect
      .poll(async () => (await recorded(host, 'failing')).map(({ events, retryContext }) => [events, retryContext]))
      .toMatchObject([
        [[{ poison: true }], null],
        [[{ poison: true }], { retryCount: 1, maxRetryCount: 2, exception: { message: 'poison' } }],
        [[{ poison: true }], { retryCount: 2, maxRetryCount: 2 }],
        [[{ n: 2 }], null],
      ]);
  });

  it('are checkpointed once the retries are exhausted', async (context) => {
    const { expect } = context;
    const { send, start, hasCheckpoint } = testHub(context);
    const first = await start();
    await send({ poison: true });
    await expect.poll(() => recorded(first, 'failing')).toHaveLength(3);
    await expect.poll(() => hasCheckpoint('failing')).toBe(true);
    await first.stop();
    const second = await start();
    await send({ n: 2 });
    await expect.poll(() => eventsOf(second, 'failing')).toEqual([{ n: 2 }]);
  });

  it('to parse an event as JSON fail its whole batch before the handler runs', async (context) => {
    const { expect } = context;
    const { send, start } = testHub(context);
    await send({ n: 1 }, Buffer.from('no JSON'));
    const host = await start();
    await expect
      .poll(host.output)
      .toMatch(/batch: Executed 'Functions.batch' \(Failed.*The event is not JSON: no JSON/s);
    await send({ n: 2 });
    await expect.poll(() => eventsOf(host, 'batch')).toEqual([{ n: 2 }]);
  });

  it('to parse an event do not occur with the data type string', async (context) => {
    const { expect } = context;
    const { send, start } = testHub(context);
    await send({ n: 1 }, Buffer.from('no JSON'));
    const host = await start();
    await expect.poll(() => eventsOf(host, 'text')).toEqual([{ n: 1 }, 'no JSON']);
  });
});
