import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { catalogue } from '../../../src/sync/projections/catalogue.ts';
import { customerOrders } from '../../../src/sync/projections/customer-orders.ts';
import type { Projection } from '../../../src/sync/projections/projection.ts';
import { salesLive } from '../../../src/sync/projections/sales-live.ts';
import { customerRegistered, productAdded } from '../../support/events/events.ts';
import { orderEvent } from '../../support/events/order-lives.ts';
import { expectFoldOfAnyRace } from '../../support/projections/concurrent-projectors.ts';

const PRODUCTS = ['lamp', 'chair', 'desk'];

/** Orders of one customer for one or more of the same products, some of them cancelled. */
const logs: fc.Arbitrary<readonly EventEnvelope[]> = fc
  .array(fc.record({ products: fc.subarray(PRODUCTS, { minLength: 1 }), isCancelled: fc.boolean() }), { maxLength: 4 })
  .map((orders) => [
    customerRegistered(),
    ...PRODUCTS.map((aggregateId) => productAdded({ aggregateId })),
    ...orders.flatMap(({ products, isCancelled }, index) => {
      const items = products.map((productId, line) => ({
        line: line + 1,
        productId,
        productName: productId,
        quantity: line + 1,
        price: 100,
      }));
      const placed = orderEvent(`order-${index}`, 1, { items });
      return isCancelled ? [placed, orderEvent(`order-${index}`, 2, { items, status: 'cancelled' })] : [placed];
    }),
  ]);

describe('concurrent projectors of orders with several products, with interleaved and failing steps', () => {
  it.each<[string, Projection<unknown>]>([
    ['the stock in catalogue', catalogue],
    ['the credit in customer_orders', customerOrders],
    ['the orders of a minute in sales_live', salesLive],
  ])('count %s as one projector that receives all events in order', async (_name, projection) => {
    await expectFoldOfAnyRace(projection, logs);
  });
});
