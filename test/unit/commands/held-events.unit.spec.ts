import { describe, expect, it } from 'vitest';
import type { OutboxEvent } from '../../../src/commands/write-store/outbox.ts';
import type { CommitOutcome } from '../../../src/commands/write-store/write-store.ts';
import { envelopeOf, openCommandBus } from '../../support/commands/command-bus.ts';

const ADD_PRODUCT = envelopeOf({
  type: 'AddProduct',
  data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 1, currency: 'USD' },
});

/** The aggregates of the events that are published after a commit with this outcome. */
async function publishedAfter(outcome: CommitOutcome): Promise<readonly string[]> {
  const published: OutboxEvent[] = [];
  const store = { load: async () => ({ products: [], syncLags: [] }), commit: async () => outcome };
  await openCommandBus(store, (events) => published.push(...events)).dispatch(ADD_PRODUCT);
  return published.map(({ aggregateId }) => aggregateId);
}

describe('the events of an accepted command', () => {
  it('are published right after the commit', async () => {
    expect(await publishedAfter({ outcome: 'committed' })).toEqual(['lamp']);
  });

  it('are left to the outbox relay when they must wait for an event that the hub refuses', async () => {
    expect(await publishedAfter({ outcome: 'committed', held: true })).toEqual([]);
  });
});
