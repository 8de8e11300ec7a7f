import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EventHubFunction } from '../../src/shared/functions/app-function.ts';
import { SimulatedHub } from '../simulation/edges/hub.ts';
import { runTriggers } from '../simulation/edges/trigger.ts';
import { Process } from '../simulation/kernel/process.ts';
import { World } from '../simulation/kernel/world.ts';
import type { Handler, Triggered } from './trigger-context.ts';
import { triggerOnHost } from './trigger-on-host.ts';

const GROUP = 'details';

async function inTheSimulation(): Promise<Triggered> {
  const world = new World({ seed: 1 }, {}, false);
  const hub = new SimulatedHub(world, 'orders');
  let started = 0;
  return {
    send: async (partitionId, ...texts) =>
      hub.append(
        partitionId,
        texts.map((text) => ({ eventId: text, body: Buffer.from(text), properties: {} })),
      ),
    start: (handler) => {
      started += 1;
      const process = new Process(world, `process-${started}`, started);
      void runTriggers({ world, process, hub }, [functionOf(handler)]);
      return () => process.crash();
    },
    checkpoint: async (partitionId) => hub.checkpoints.get(`${GROUP}/${partitionId}`),
    eventually: async (assertion) => {
      for (let second = 0; second < 120; second++) {
        const isFulfilled = await Promise.resolve()
          .then(assertion)
          .then(() => true)
          .catch(() => false);
        if (isFulfilled) return;
        await world.until(() => false, 1_000);
      }
      await assertion();
    },
  };
}

const batch = z.array(z.instanceof(Buffer));
const partition = z.object({ partitionContext: z.object({ partitionId: z.string() }) });

const functionOf = (handler: Handler): EventHubFunction => ({
  trigger: 'eventHub',
  name: 'consume',
  options: {
    connection: 'EventHubConnection',
    eventHubName: 'orders',
    consumerGroup: GROUP,
    cardinality: 'many',
    handler: (bodies: unknown, { triggerMetadata }) =>
      handler(batch.parse(bodies).map(String), partition.parse(triggerMetadata).partitionContext.partitionId),
  },
});

/** A handler that keeps what it gets, and rejects while `isFailing` says so. */
function recording(isFailing: () => boolean = () => false) {
  const got: { readonly partitionId: string; readonly texts: readonly string[] }[] = [];
  const handler: Handler = async (texts, partitionId) => {
    got.push({ partitionId, texts });
    if (isFailing()) throw new Error('not yet');
  };
  const textsOf = (partitionId: string) =>
    got.filter((one) => one.partitionId === partitionId).flatMap(({ texts }) => texts);
  return { got, handler, textsOf };
}

describe.each([
  ['the trigger of the Functions host', triggerOnHost],
  ['the simulated trigger', inTheSimulation],
])('%s', (_name, open) => {
  it('delivers the events of each partition in order, and writes its checkpoint after them', async () => {
    const { send, start, checkpoint, eventually } = await open();
    const { handler, textsOf } = recording();
    await send('0', 'a', 'b', 'c');
    start(handler);
    await eventually(() => expect(textsOf('0')).toEqual(['a', 'b', 'c']));
    await send('1', 'd', 'e');
    await eventually(() => expect(textsOf('1')).toEqual(['d', 'e']));
    await eventually(async () => expect([await checkpoint('0'), await checkpoint('1')]).toEqual([2, 1]));
  });

  it('tries a batch that fails again, before later events and without a checkpoint', async () => {
    const { send, start, checkpoint, eventually } = await open();
    let isFailing = true;
    const { got, handler, textsOf } = recording(() => isFailing);
    await send('0', 'a');
    start(handler);
    await eventually(() => expect(got.length).toBeGreaterThan(0));
    await send('0', 'b');
    expect(await checkpoint('0')).toBeUndefined();
    await eventually(() => expect(textsOf('0').length).toBeGreaterThan(2));
    isFailing = false;
    await eventually(() => expect(textsOf('0')).toContain('b'));
    expect(textsOf('0').indexOf('b')).toBe(textsOf('0').length - 1);
    await eventually(async () => expect(await checkpoint('0')).toBe(1));
  });

  it('delivers a batch again to the next owner when its owner ends before it is done', async () => {
    const { send, start, checkpoint, eventually } = await open();
    const first = recording(() => true);
    const second = recording();
    await send('0', 'a');
    const end = start(first.handler);
    await eventually(() => expect(first.textsOf('0')).toContain('a'));
    end();
    start(second.handler);
    await eventually(() => expect(second.textsOf('0')).toEqual(['a']));
    await eventually(async () => expect(await checkpoint('0')).toBe(0));
  });

  it('gives a second owner its share of the partitions', async () => {
    const { send, start, eventually } = await open();
    const first = recording();
    const second = recording();
    const partitions = ['0', '1'];
    for (const partitionId of partitions) await send(partitionId, '0');
    start(first.handler);
    await eventually(() => expect(partitions.map(first.textsOf)).toEqual([['0'], ['0']]));
    start(second.handler);
    let round = 0;
    await eventually(async () => {
      round += 1;
      for (const partitionId of partitions) await send(partitionId, String(round));
      const isSecond = (partitionId: string) =>
        Number(second.textsOf(partitionId).at(-1) ?? -1) > Number(first.textsOf(partitionId).at(-1));
      expect(partitions.map(isSecond).toSorted()).toEqual([false, true]);
    });
  });
});
