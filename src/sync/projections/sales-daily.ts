import type { OrderEventEnvelope } from '../../shared/events/envelope.ts';
import type { PublishedOrder } from '../../shared/events/order-events.ts';
import { addExactly } from '../../shared/money.ts';
import { SALES_DAILY } from '../../shared/read-models/containers.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { laterOf, updatedBy } from '../../shared/read-models/later-of.ts';
import {
  bucketOf,
  type CountedCustomer,
  type CountedOrder,
  type DayTotal,
  type OrderSales,
  type SalesDocument,
  TOTAL_ID,
} from '../../shared/read-models/sales-daily.ts';
import { supersedes } from '../../shared/read-models/stamp.ts';
import { type Documents, type Projection, replaced } from './projection.ts';

/** How a version of the projection computes the sums. */
export interface SalesCounting {
  readonly version: number;
  /** What a placed order adds to its day. */
  readonly countedOf: (order: PublishedOrder) => OrderSales;
}

/** The current counting: orders and revenue stay on their day permanently; later cancellations and refunds are counted separately. */
export const SALES_COUNTING: SalesCounting = {
  version: 1,
  countedOf: ({ status, total }) => ({
    orders: 1,
    revenue: total,
    cancelled: status === 'cancelled' ? total : 0,
    refunded: status === 'refunded' ? total : 0,
  }),
};

/**
 * Projects sales per day and currency. A day's total is written in one transactional batch with records of the counted order and
 * customer, so that each is counted once.
 */
export function projectSalesDaily(counting: SalesCounting): Projection<SalesDocument> {
  return {
    container: SALES_DAILY,
    version: counting.version,

    targetsOf: (event) => {
      if (event.aggregateType !== 'Order') return [];
      const keys = documentKeys(event);
      if (keys === undefined) return [];
      return [{ partitionKey: keys.bucket, ids: [keys.orderDocument, keys.customerDocument, TOTAL_ID] }];
    },

    apply: (documents, event) => {
      if (event.aggregateType !== 'Order') return documents;
      const keys = documentKeys(event);
      return keys === undefined ? documents : applyOrder(documents, event, keys, counting);
    },
  };
}

export const salesDaily = projectSalesDaily(SALES_COUNTING);

interface DocumentKeys {
  readonly date: string;
  readonly bucket: string;
  readonly orderDocument: string;
  readonly customerDocument: string;
}

/** The documents that count an order: always those of the day on which it was placed. Undefined for a draft. */
function documentKeys({ order }: OrderEventEnvelope): DocumentKeys | undefined {
  if (order.placedAt === null) return undefined;
  const date = order.placedAt.slice(0, 10);
  return {
    date,
    bucket: bucketOf(date, order.currency, order.customerId),
    orderDocument: documentId(order.orderId),
    customerDocument: `!customer-${documentId(order.customerId)}`,
  };
}

function applyOrder(
  documents: Documents<SalesDocument>,
  event: OrderEventEnvelope,
  keys: DocumentKeys,
  { version: projectionVersion, countedOf }: SalesCounting,
): Documents<SalesDocument> {
  const { bucket, orderDocument, customerDocument } = keys;
  const held = documents.get(orderDocument);
  const before = held?.type === 'order' ? held : undefined;
  const sums = documents.get(TOTAL_ID);
  const total = sums?.type === 'total' ? sums : newTotal(keys, event);
  if (!supersedes(event, projectionVersion, before))
    return replaced(documents, total, updatedBy(total, event.timestamp));
  const after: CountedOrder = {
    type: 'order',
    id: orderDocument,
    bucket,
    counted: countedOf(event.order),
    version: event.version,
    projectionVersion,
  };
  const customer: CountedCustomer = { type: 'customer', id: customerDocument, bucket };
  const isNewCustomer = !documents.has(customerDocument);
  const without = before === undefined ? total : addSales(total, before.counted, -1);
  const recounted: DayTotal = {
    ...total,
    ...addSales(without, after.counted, 1),
    uniqueCustomers: total.uniqueCustomers + (isNewCustomer ? 1 : 0),
    version: total.version + event.version - (before?.version ?? 0),
    lastUpdated: laterOf(total.lastUpdated, event.timestamp),
  };
  const records: readonly SalesDocument[] = isNewCustomer ? [after, customer] : [after];
  return new Map([...documents, ...records.map((record) => [record.id, record] as const), [TOTAL_ID, recounted]]);
}

function addSales(sums: OrderSales, { orders, revenue, cancelled, refunded }: OrderSales, sign: 1 | -1): OrderSales {
  return {
    orders: sums.orders + sign * orders,
    revenue: addExactly(sums.revenue, revenue, sign),
    cancelled: addExactly(sums.cancelled, cancelled, sign),
    refunded: addExactly(sums.refunded, refunded, sign),
  };
}

function newTotal({ date, bucket }: DocumentKeys, { order }: OrderEventEnvelope): DayTotal {
  return {
    type: 'total',
    id: TOTAL_ID,
    bucket,
    date,
    currency: order.currency,
    orders: 0,
    revenue: 0,
    cancelled: 0,
    refunded: 0,
    uniqueCustomers: 0,
    version: 0,
    lastUpdated: '',
  };
}
