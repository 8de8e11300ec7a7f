import type { EventEnvelope, OrderEventEnvelope } from '../../shared/events/envelope.ts';
import type { OrderStatus, PublishedOrder } from '../../shared/events/order-events.ts';
import { addExactly } from '../../shared/money.ts';
import { SALES_DAILY } from '../../shared/read-models/containers.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { laterOf, updatedBy } from '../../shared/read-models/later-of.ts';
import {
  bucketOf,
  type CountedCustomer,
  type CountedSales,
  type DayTotal,
  type OrderSales,
  type SalesDocument,
  TOTAL_ID,
} from '../../shared/read-models/sales-daily.ts';
import { sortKey } from '../../shared/read-models/sort-key.ts';
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
  version: 2,
  countedOf: ({ status, total }) => ({
    orders: 1,
    revenue: total,
    cancelled: status === 'cancelled' ? total : 0,
    refunded: status === 'refunded' ? total : 0,
  }),
};

/**
 * Projects sales per day and currency. A day's total is written in one transactional batch with the record of the customer, which has their
 * last order of the day, so that each order and customer is counted once. The customer's earlier orders have records of their own.
 * Only events that change what is counted are projected: those of orders that are submitted, cancelled or refunded.
 */
export function projectSalesDaily(counting: SalesCounting): Projection<SalesDocument> {
  return {
    container: SALES_DAILY,
    version: counting.version,

    targetsOf: (event) => {
      if (event.aggregateType !== 'Order') return [];
      const keys = documentKeys(event);
      if (keys === undefined) return [];
      const { bucket, orderDocument, customerDocument } = keys;
      // Most customers order once a day.
      const unreadIds = isNew(event) ? [orderDocument, customerDocument] : [orderDocument];
      return [{ partitionKey: bucket, ids: [orderDocument, customerDocument, TOTAL_ID], unreadIds }];
    },

    needsAll: (documents, event) => {
      const keys = event.aggregateType === 'Order' ? documentKeys(event) : undefined;
      const customer = keys && customerIn(documents, keys);
      if (keys === undefined || customer === undefined || customer.last?.id === keys.orderDocument) return false;
      // Only orders placed before the last one have records of their own.
      return !isNew(event) || customer.last === undefined || placeIn(keys) < placeOf(customer.last);
    },

    apply: (documents, event) => {
      if (event.aggregateType !== 'Order') return documents;
      const keys = documentKeys(event);
      return keys === undefined ? documents : applyOrder(documents, event, keys, counting);
    },
  };
}

export const salesDaily = projectSalesDaily(SALES_COUNTING);

/** Whether an event places an order that did not exist before. */
const isNew = (event: EventEnvelope): boolean =>
  event.aggregateType === 'Order' && event.order.status === 'submitted' && event.version === 1;

interface DocumentKeys {
  readonly placedAt: string;
  readonly date: string;
  readonly bucket: string;
  readonly orderDocument: string;
  readonly customerDocument: string;
}

/** The statuses in which an order changes the sums. Their events arrive in any case, so that all others can be ignored. */
const COUNTED_STATUSES: ReadonlySet<OrderStatus> = new Set(['submitted', 'cancelled', 'refunded']);

/** The documents that count an order: always those of the day on which it was placed. Undefined when the event changes no sum. */
function documentKeys({ order }: OrderEventEnvelope): DocumentKeys | undefined {
  const { placedAt } = order;
  if (placedAt === null || !COUNTED_STATUSES.has(order.status)) return undefined;
  const date = placedAt.slice(0, 10);
  return {
    placedAt,
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
  const { placedAt, orderDocument: id } = keys;
  const customer = customerIn(documents, keys);
  const own = documents.get(id);
  const ofOwn = own?.type === 'order' ? own : undefined;
  const before = customer?.last?.id === id ? customer.last : ofOwn;
  const sums = documents.get(TOTAL_ID);
  const total = sums?.type === 'total' ? sums : newTotal(keys, event);
  if (!supersedes(event, projectionVersion, before))
    return replaced(documents, total, updatedBy(total, event.timestamp));
  const after: CountedSales = {
    id,
    placedAt,
    counted: countedOf(event.order),
    version: event.version,
    projectionVersion,
  };
  const without = before === undefined ? total : addSales(total, before.counted, -1);
  const recounted: DayTotal = {
    ...total,
    ...addSales(without, after.counted, 1),
    uniqueCustomers: total.uniqueCustomers + (customer === undefined ? 1 : 0),
    version: total.version + event.version - (before?.version ?? 0),
    lastUpdated: laterOf(total.lastUpdated, event.timestamp),
  };
  return new Map([...withRecord(documents, keys, after), [TOTAL_ID, recounted]]);
}

/** Records the order: in the record of the customer if it is their last one of the day. The one that was there gets a record of its own. */
function withRecord(
  documents: Documents<SalesDocument>,
  { bucket, orderDocument, customerDocument }: DocumentKeys,
  counted: CountedSales,
): ReadonlyMap<string, SalesDocument> {
  const held = documents.get(customerDocument);
  const last = held?.type === 'customer' ? held.last : undefined;
  const records = new Map(documents);
  if (last !== undefined && placeOf(counted) < placeOf(last)) {
    return records.set(orderDocument, { type: 'order', bucket, ...counted });
  }
  records.delete(orderDocument);
  records.set(customerDocument, { type: 'customer', id: customerDocument, bucket, last: counted });
  if (last !== undefined && last.id !== counted.id) records.set(last.id, { type: 'order', bucket, ...last });
  return records;
}

const placeOf = ({ placedAt, id }: CountedSales): string => sortKey(placedAt, id);
const placeIn = ({ placedAt, orderDocument }: DocumentKeys): string => sortKey(placedAt, orderDocument);

function customerIn(
  documents: Documents<SalesDocument>,
  { customerDocument }: DocumentKeys,
): CountedCustomer | undefined {
  const customer = documents.get(customerDocument);
  return customer?.type === 'customer' ? customer : undefined;
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
