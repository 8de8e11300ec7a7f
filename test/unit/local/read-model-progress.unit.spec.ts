import { expect, it } from 'vitest';
import { mostBehind } from '../../../local/read-model-progress.ts';
import type { BlobItem } from '../../../local/storage/blob-list.ts';
import { CONSUMER_GROUPS } from '../../../src/shared/event-hubs/hub.ts';

const [GROUP] = CONSUMER_GROUPS;

/** A hub with the events 5 to 9 in partition 0 and none in partition 1. */
const eventHubs = {
  ranges: () => [
    { partitionId: '0', first: 5, last: 9 },
    { partitionId: '1', first: 7, last: 6 },
  ],
};

const checkpoint = (group: string, sequenceNumber: number): BlobItem => ({
  name: `localhost/order-events/${group}/checkpoint/0`,
  etag: '0x1',
  lastModified: new Date(0),
  leaseState: 'available',
  metadata: { offset: '1', sequencenumber: String(sequenceNumber) },
});

/** How far the slowest read model is behind when one of them has this checkpoint, and all others have every event. */
const behindAt = (sequenceNumber: number | undefined): Promise<number> => {
  const others = CONSUMER_GROUPS.filter((group) => group !== GROUP).map((group) => checkpoint(group, 9));
  const own = sequenceNumber === undefined || GROUP === undefined ? [] : [checkpoint(GROUP, sequenceNumber)];
  return mostBehind(eventHubs, { list: async () => [...others, ...own] });
};

it('counts the events after the checkpoint of the slowest read model', async () => {
  expect(await Promise.all([9, 8, 5].map(behindAt))).toEqual([0, 1, 4]);
});

it('counts all events of the hub without a checkpoint, after one that has expired, and after one of another hub', async () => {
  expect(await Promise.all([undefined, 2, 10].map(behindAt))).toEqual([5, 5, 5]);
});

it('counts an event that arrives while the checkpoints are listed', async () => {
  const checkpoints = CONSUMER_GROUPS.map((group) => checkpoint(group, 10));
  let last = 9;
  const growing = { ranges: () => [{ partitionId: '0', first: 5, last }] };
  const list = async () => {
    last = 11;
    return checkpoints;
  };
  expect(await mostBehind(growing, { list })).toBe(1);
});
