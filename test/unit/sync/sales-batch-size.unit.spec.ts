import { expect, it } from 'vitest';
import { bucketOf, type SalesDocument, TOTAL_ID } from '../../../src/shared/read-models/sales-daily.ts';
import { salesDaily } from '../../../src/sync/projections/sales-daily.ts';
import { groupByPartition } from '../../../src/sync/projector/group-events.ts';
import { orderEvent } from '../../support/events/order-lives.ts';

/** Maximum operations of a transactional batch of Cosmos DB. */
const MAX_OPERATIONS = 100;
const DATE = '2026-01-15';
const bucket = bucketOf(DATE, 'USD', 'ada');

/** Customers whose sales of a day are in the same bucket. */
const customers = Array.from({ length: 1_000 }, (_, index) => `c${index}`)
  .filter((customerId) => bucketOf(DATE, 'USD', customerId) === bucket)
  .slice(0, 100);

/** The first and the second order of a customer on the day. */
const placed = (customerId: string, nth: 1 | 2) =>
  orderEvent(`${customerId}-${nth}`, 1, { customerId, placedAt: `${DATE}T1${nth}:00:00.000Z` });

it('the sales of many customers are rebuilt in batches that the database accepts', () => {
  const ofVersion1 = new Map<string, SalesDocument>();
  for (const customerId of customers) {
    const customer = `!customer-${customerId}`;
    ofVersion1.set(customer, { type: 'customer', id: customer, bucket });
    for (const { order, version } of [placed(customerId, 1), placed(customerId, 2)]) {
      const counted = { orders: 1, revenue: order.total, cancelled: 0, refunded: 0 };
      const placedAt = order.placedAt ?? '';
      ofVersion1.set(order.orderId, { type: 'order', bucket, id: order.orderId, placedAt, counted, version });
    }
  }
  const replayed = (nth: 1 | 2) =>
    customers.map((customerId) => ({
      body: '',
      partitionId: '0',
      sequenceNumber: nth,
      event: placed(customerId, nth),
    }));

  let documents: ReadonlyMap<string, SalesDocument> = ofVersion1;
  for (const { events } of [replayed(1), replayed(2)].flatMap((batch) => groupByPartition(batch, salesDaily).flat())) {
    const before = documents;
    for (const { event } of events) documents = salesDaily.apply(documents, event, bucket);
    const ids = new Set([...before.keys(), ...documents.keys()]);
    const written = [...ids].filter((id) => before.get(id) !== documents.get(id));
    expect(written.length).toBeLessThanOrEqual(MAX_OPERATIONS);
  }
  expect(documents.get(TOTAL_ID)).toMatchObject({ type: 'total' });
});
