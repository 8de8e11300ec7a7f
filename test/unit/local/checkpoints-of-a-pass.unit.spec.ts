import type { CheckpointStore } from '@azure/event-hubs';
import { expect, it } from 'vitest';
import { listCheckpointsOncePerPass } from '../../../local/functions-host/checkpoints-of-a-pass.ts';

const HUB = ['localhost', 'hub', 'group'] as const;
const [fullyQualifiedNamespace, eventHubName, consumerGroup] = HUB;
const ownership = (partitionId: string, ownerId: string) => ({
  fullyQualifiedNamespace,
  eventHubName,
  consumerGroup,
  partitionId,
  ownerId,
});

/** A store with these ownerships, whose nth listing of checkpoints has n of them or fails. */
function openStore({ owned = [], failures = 0 }: { owned?: ReturnType<typeof ownership>[]; failures?: number } = {}) {
  let listings = 0;
  const inner: CheckpointStore = {
    listOwnership: async () => owned,
    claimOwnership: async (requests) => requests,
    updateCheckpoint: async () => undefined,
    listCheckpoints: async () => {
      listings += 1;
      if (listings <= failures) throw new Error('Storage is not available.');
      return Array.from({ length: listings }, (_, index) => ({
        ...ownership(String(index), 'nobody'),
        offset: '1',
        sequenceNumber: 1,
      }));
    },
  };
  const store = listCheckpointsOncePerPass(inner);
  const claim = async (partitionId: string) => {
    await store.claimOwnership([ownership(partitionId, 'me')]);
    return (await store.listCheckpoints(...HUB)).length;
  };
  return { store, claim };
}

it('lists the checkpoints once for all claims of a pass, and again in the next pass', async () => {
  const { store, claim } = openStore();
  await store.listOwnership(...HUB);
  expect([await claim('0'), await claim('1')]).toEqual([1, 1]);
  await store.listOwnership(...HUB);
  expect([await claim('2'), await claim('3')]).toEqual([2, 2]);
});

it('lists the checkpoints again after a partition was taken from another owner, but not after one that was released', async () => {
  const { store, claim } = openStore({ owned: [ownership('1', 'other'), ownership('2', '')] });
  await store.listOwnership(...HUB);
  expect([await claim('0'), await claim('1'), await claim('2')]).toEqual([1, 2, 2]);
});

it('lists the checkpoints again after a listing has failed', async () => {
  const { store, claim } = openStore({ failures: 1 });
  await store.listOwnership(...HUB);
  await expect(claim('0')).rejects.toThrow('Storage is not available.');
  expect(await claim('0')).toBe(2);
});
