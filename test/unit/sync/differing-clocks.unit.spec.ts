import { describe, expect, it } from 'vitest';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { PROJECTIONS } from '../../../src/sync/projections/projections.ts';
import { customerChanged, customerRegistered, productAdded } from '../../support/events/events.ts';
import { orderEvent } from '../../support/events/order-lives.ts';
import { fold } from '../../support/projections/projections.ts';

/** The time of each first version, which a process with a fast clock has recorded. */
const AHEAD = { timestamp: '2026-01-15T10:30:03.000Z' };
const NOW = { timestamp: '2026-01-15T10:30:01.000Z' };

const addedProduct = productAdded({ ...AHEAD, version: 1 });
const priceChanged: EventEnvelope = {
  ...addedProduct,
  ...NOW,
  version: 2,
  eventType: 'PriceChanged',
  data: { price: 1 },
  product: { productId: 'lamp', name: 'Desk lamp', currency: 'USD', price: 1 },
};

const orderCancelled: EventEnvelope = {
  ...orderEvent('order-1', 2, { status: 'cancelled' }),
  ...NOW,
  eventType: 'OrderCancelled',
  data: { reason: 'Ordered twice' },
};

const AGGREGATES: Readonly<Record<string, readonly EventEnvelope[]>> = {
  order: [{ ...orderEvent('order-1', 1), ...AHEAD }, orderCancelled],
  customer: [customerRegistered({ ...AHEAD, version: 1 }), customerChanged({ ...NOW, version: 2 }, 'Ada King')],
  product: [addedProduct, priceChanged],
};

describe('when the first version of an aggregate has a later time than the second, because two clocks differ', () => {
  it.each(
    PROJECTIONS.flatMap(({ consumerGroup, projection }) =>
      Object.entries(AGGREGATES).map(([aggregate, events]) => ({ consumerGroup, projection, aggregate, events })),
    ),
  )('$consumerGroup is the same in any order of arrival of the events of one $aggregate', ({ projection, events }) => {
    expect(fold(projection, events.toReversed())).toEqual(fold(projection, events));
  });
});
