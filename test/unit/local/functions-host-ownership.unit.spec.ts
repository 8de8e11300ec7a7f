import type { CheckpointStore, PartitionOwnership } from '@azure/event-hubs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renewOwnershipAfter } from '../../../local/functions-host/ownership-renewal.ts';

const RENEW_AFTER_MS = 30_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A store that counts the ownerships written to it and gives each a new ETag. */
function countingStore() {
  const written: string[] = [];
  const claimOwnership: CheckpointStore['claimOwnership'] = async (requests) =>
    requests.map((request) => {
      written.push(request.partitionId);
      return { ...request, etag: `etag-${written.length}` };
    });
  const unused = () => Promise.reject(new Error('not called'));
  const store = { claimOwnership, listOwnership: unused, listCheckpoints: unused, updateCheckpoint: unused };
  return { written, store: renewOwnershipAfter(RENEW_AFTER_MS, store) };
}

const ownership = (partitionId: string, etag?: string, ownerId = 'host-1'): PartitionOwnership => ({
  partitionId,
  ownerId,
  fullyQualifiedNamespace: 'localhost',
  eventHubName: 'orders',
  consumerGroup: '$Default',
  ...(etag !== undefined && { etag }),
});

describe('an ownership of this process', () => {
  it('is not renewed while it is fresh, and still counts as claimed', async () => {
    const { store, written } = countingStore();
    await store.claimOwnership([ownership('0')]);
    vi.advanceTimersByTime(RENEW_AFTER_MS - 1);
    const claimed = await store.claimOwnership([ownership('0', 'etag-1')]);
    expect([claimed.map(({ partitionId }) => partitionId), written]).toEqual([['0'], ['0']]);
  });

  it('is renewed when it is due', async () => {
    const { store, written } = countingStore();
    await store.claimOwnership([ownership('0')]);
    vi.advanceTimersByTime(RENEW_AFTER_MS);
    const claimed = await store.claimOwnership([ownership('0', 'etag-1')]);
    expect([claimed[0]?.etag, written]).toEqual(['etag-2', ['0', '0']]);
  });
});

describe('a claim is always written', () => {
  it.each([
    ['for another partition', ownership('1')],
    ['after another process has written the ownership', ownership('0', 'etag-of-another')],
    ['for another owner', ownership('0', 'etag-1', 'host-2')],
  ])('%s', async (_case, request) => {
    const { store, written } = countingStore();
    await store.claimOwnership([ownership('0')]);
    await store.claimOwnership([request]);
    expect(written).toEqual(['0', request.partitionId]);
  });
});
