import type { EventData, EventDataBatch } from '@azure/event-hubs';
import { expect, it } from 'vitest';
import { openPartitionSenders, type SendOutcome } from '../../../src/shared/event-hubs/partition-sender.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

/** A hub of one partition whose batches hold three events. The test decides when and how a batch is answered. */
async function openSender({ createBatchFails }: { readonly createBatchFails?: Error } = {}) {
  const batches: EventData[][] = [];
  const answers: PromiseWithResolvers<void>[] = [];
  const { pass, timer } = simulatedRuntime();
  const waits: number[] = [];
  const senders = await openPartitionSenders({
    producer: {
      getPartitionIds: async () => ['0'],
      createBatch: async () => {
        if (createBatchFails !== undefined) throw createBatchFails;
        batches.push([]);
        return batchOf(batches.at(-1) ?? []);
      },
      sendBatch: () => {
        const answer = Promise.withResolvers<void>();
        answers.push(answer);
        return answer.promise;
      },
      close: async () => undefined,
    },
    notSent: () => undefined,
    delay: (ms) =>
      new Promise((resolve) => {
        waits.push(ms);
        timer(ms, resolve);
      }),
  });
  const outcomes: string[] = [];
  const add = (name: string) => {
    senders.add('key', {
      event: { body: name },
      settle: (outcome: SendOutcome) => outcomes.push(`${name} ${outcome}`),
    });
  };
  const sent = () => batches.map((events) => events.map(({ body }) => body));
  return { add, answers, outcomes, pass, sent, waits };
}

const batchOf = (events: EventData[]): EventDataBatch => ({
  get count() {
    return events.length;
  },
  sizeInBytes: 0,
  maxSizeInBytes: 3,
  tryAdd: ({ body }) => events.length < 3 && body !== 'too large' && events.push({ body }) > 0,
});

it('sends an event immediately, and those that arrive before its answer in as few batches as possible', async () => {
  const { add, answers, outcomes, pass, sent } = await openSender();
  add('1');
  await pass(0);
  for (const name of ['2', '3', '4', '5']) add(name);
  await pass(100);
  expect(sent()).toEqual([['1']]);
  answers[0]?.resolve();
  await pass(100);
  answers[1]?.resolve();
  await pass(100);
  expect(sent()).toEqual([['1'], ['2', '3', '4'], ['5']]);
  expect(outcomes).toEqual(['1 sent', '2 sent', '3 sent', '4 sent']);
});

it('sends at most one batch in 20 ms, even if the hub answers sooner', async () => {
  const { add, answers, pass, sent } = await openSender();
  add('1');
  await pass(1);
  answers[0]?.resolve();
  await pass(1);
  add('2');
  await pass(1);
  add('3');
  await pass(100);
  expect(sent()).toEqual([['1'], ['2', '3']]);
});

it('sets no timer while it has no events', async () => {
  const { add, answers, pass, waits } = await openSender();
  add('1');
  await pass(1);
  answers[0]?.resolve();
  await pass(60_000);
  expect(waits).toHaveLength(1);
});

it('fails the events of a batch that is not sent, and those that wait for it, and sends the next ones', async () => {
  const { add, answers, outcomes, pass } = await openSender();
  add('1');
  await pass(1);
  add('2');
  answers[0]?.reject(new Error('The link was detached.'));
  await pass(100);
  add('3');
  await pass(1);
  answers[1]?.resolve();
  await pass(100);
  expect(outcomes).toEqual(['1 failed', '2 failed', '3 sent']);
});

it('fails the events that wait when no batch can be created, whatever the error', async () => {
  const createBatchFails = Object.assign(new Error('There is no such partition.'), { code: 'ArgumentOutOfRangeError' });
  const { add, outcomes, pass } = await openSender({ createBatchFails });
  add('1');
  add('2');
  await pass(100);
  expect(outcomes).toEqual(['1 failed', '2 failed']);
});

it('refuses an event that fits into no batch, and the events of a batch that the hub refuses, but none that waits', async () => {
  const { add, answers, outcomes, pass } = await openSender();
  add('1');
  await pass(1);
  add('too large');
  add('2');
  answers[0]?.reject(Object.assign(new Error('The batch is too large.'), { code: 'MessageTooLargeError' }));
  await pass(100);
  answers[1]?.resolve();
  await pass(100);
  expect(outcomes).toEqual(['1 refused', 'too large refused', '2 sent']);
});
