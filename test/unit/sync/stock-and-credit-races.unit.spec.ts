import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import type { PublishedOrder } from '../../../src/shared/events/order-events.ts';
import { catalogue } from '../../../src/sync/projections/catalogue.ts';
import { customerOrders } from '../../../src/sync/projections/customer-orders.ts';
import type { Projection } from '../../../src/sync/projections/projection.ts';
import { salesDaily } from '../../../src/sync/projections/sales-daily.ts';
import { salesLive } from '../../../src/sync/projections/sales-live.ts';
import { customerRegistered, productAdded } from '../../support/events/events.ts';
import { orderEvent } from '../../support/events/order-lives.ts';
import { expectFoldOfAnyRace } from '../../support/projections/concurrent-projectors.ts';

const PRODUCTS = ['lamp', 'chair', 'desk'];

/** Orders of one customer for one or more of the same products, some of them cancelled. */
const logs: fc.Arbitrary<readonly EventEnvelope[]> = fc
  .array(
    fc.record({
      products: fc.subarray(PRODUCTS, { minLength: 1 }),
      hour: fc.integer({ min: 10, max: 12 }),
      isDraft: fc.boolean(),
      isCancelled: fc.boolean(),
    }),
    { maxLength: 4 },
  )
  .map((orders) => [
    customerRegistered(),
    ...PRODUCTS.map((aggregateId) => productAdded({ aggregateId })),
    ...orders.flatMap(({ products, hour, isDraft, isCancelled }, index) => {
      const items = products.map((productId, line) => ({
        line: line + 1,
        productId,
        productName: productId,
        quantity: line + 1,
        price: 100,
      }));
      const placedAt = `2026-01-15T${hour}:30:00.000Z`;
      const states: readonly Partial<PublishedOrder>[] = [
        ...(isDraft ? [{ items, status: 'draft', placedAt: null } as const] : []),
        { items, placedAt },
        ...(isCancelled ? [{ items, placedAt, status: 'cancelled' } as const] : []),
      ];
      return states.map((state, version) => orderEvent(`order-${index}`, version + 1, state));
    }),
  ]);

describe('concurrent projectors of orders with several products, with interleaved and failing steps', () => {
  it.each<[string, Projection<unknown>]>([
    ['the stock in catalogue', catalogue],
    ['the credit in customer_orders', customerOrders],
    ['the orders of a day in sales_daily', salesDaily],
    ['the orders of a minute in sales_live', salesLive],
  ])('count %s as one projector that receives all events in order', async (_name, projection) => {
    await expectFoldOfAnyRace(projection, logs);
  });
});
