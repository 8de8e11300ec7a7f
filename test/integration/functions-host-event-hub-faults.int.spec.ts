import { describe, it } from 'vitest';
import type { FunctionsHostProcess } from '../../local/functions-host/spawn.ts';
import { eventsOf, testHub, useEventHubs } from '../fixtures/functions-app/event-hub-fixture.mts';
import { recorded } from '../fixtures/functions-app/start-fixture.mts';

const { eventHubs } = useEventHubs();
/** The numbers in the log lines of the function `batch`, which remain available after a host is killed. */
const logged = (host: FunctionsHostProcess) =>
  [...host.output().matchAll(/batch: batch \d+ (\[.*\])/g)].flatMap(([, events = '']): unknown[] => JSON.parse(events));

describe.concurrent('a partition', () => {
  it('has one invocation at a time', async (context) => {
    const { expect } = context;
    const { send, start } = testHub(context);
    const host = await start();
    for (const n of [1, 2, 3, 4]) await send({ n });
    await expect.poll(() => eventsOf(host, 'slowBatch')).toHaveLength(4);
    expect((await recorded(host, 'slowBatch')).map(({ parallel }) => parallel)).not.toContain(2);
  });

  it('resumes after its checkpoint', async (context) => {
    const { expect } = context;
    const { send, start, hasCheckpoint } = testHub(context);
    await send({ n: 1 });
    const first = await start();
    await expect.poll(() => eventsOf(first, 'batch')).toEqual([{ n: 1 }]);
    await expect.poll(() => hasCheckpoint('batch')).toBe(true);
    await first.stop();
    await send({ n: 2 });
    const second = await start();
    await expect.poll(() => eventsOf(second, 'batch')).toEqual([{ n: 2 }]);
  });

  it('redelivers the batch that was in progress when the host stopped, even though its handler completed', async (context) => {
    const { expect } = context;
    const { send, start } = testHub(context);
    await send({ untilStop: true });
    const first = await start();
    await expect.poll(first.output).toContain('slow started [{"untilStop":true}]');
    await first.stop();
    expect(first.output()).toContain('slow ended [{"untilStop":true}]');
    const second = await start();
    await expect.poll(second.output).toContain('slow started [{"untilStop":true}]');
  });
});

describe.concurrent('two hosts', () => {
  it('share the partitions, and one takes over those of a killed host', async (context) => {
    const { expect } = context;
    const { producer, start } = testHub(context);
    const [first, second] = await Promise.all([start(), start()]);
    const send = (n: number) =>
      Promise.all(['0', '1'].map((partitionId) => producer.sendBatch([{ body: n }], { partitionId })));
    let n = 0;
    await expect
      .poll(async () => {
        await send(n++);
        return logged(first).length > 0 && logged(second).length > 0;
      })
      .toBe(true);
    await first.kill();
    await send(1_000);
    await expect.poll(() => logged(second).filter((event) => event === 1_000)).toHaveLength(2);
  });
});

describe('dropped connections', () => {
  it('are restored without losing an event', async (context) => {
    const { expect } = context;
    const { send, start, hasCheckpoint } = testHub(context);
    const host = await start();
    await send({ n: 1 });
    await expect.poll(() => eventsOf(host, 'batch')).toEqual([{ n: 1 }]);
    await expect.poll(() => hasCheckpoint('batch')).toBe(true);
    eventHubs().dropConnections();
    await send({ n: 2 });
    await expect.poll(() => eventsOf(host, 'batch')).toEqual([{ n: 1 }, { n: 2 }]);
  });
});

describe('an outage of Event Hubs', () => {
  it('at startup delays the host until Event Hubs is back', async (context) => {
    const { expect } = context;
    const { send, start } = testHub(context);
    context.onTestFinished(() => eventHubs().setAvailable(true));
    eventHubs().setAvailable(false);
    const host = await start();
    eventHubs().setAvailable(true);
    await send({ n: 1 });
    await expect.poll(() => eventsOf(host, 'batch')).toEqual([{ n: 1 }]);
  });
});
