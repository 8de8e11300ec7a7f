import type { OrderEventEnvelope } from '../shared/events/envelope.ts';
import { SALES_DAILY } from '../shared/read-models/containers.ts';
import { documentId } from '../shared/read-models/document-id.ts';
import { laterOf } from '../shared/read-models/later-of.ts';
import {
  bucketOf,
  type CountedOrder,
  type DayTotal,
  type SalesDocument,
  TOTAL_ID,
} from '../shared/read-models/sales-daily.ts';
import type { Projection } from './projection.ts';
import { registerProjection } from './register-projection.ts';

/**
 * Sales per day and currency. A day's total changes together with the proofs of the order and of the customer that were
 * counted, so that each is counted once.
 */
export const salesDaily: Projection<SalesDocument> = {
  container: SALES_DAILY,

  targetOf: (event) => {
    if (event.aggregateType !== 'Order') return undefined;
    const place = placeOf(event);
    if (place === undefined) return undefined;
    return { partitionKey: place.bucket, ids: [place.orderDocument, place.customerDocument, TOTAL_ID] };
  },

  apply: (documents, event) => {
    if (event.aggregateType !== 'Order') return documents;
    const place = placeOf(event);
    if (place === undefined) return documents;
    const { bucket, orderDocument, customerDocument } = place;
    const counted = documents.get(orderDocument);
    const before = counted?.type === 'order' ? counted : undefined;
    if (before !== undefined && before.version >= event.version) return documents;
    const total = documents.get(TOTAL_ID);
    const { status } = event.order;
    const after: CountedOrder = { type: 'order', id: orderDocument, bucket, status, version: event.version };
    const isNewCustomer = !documents.has(customerDocument);
    const sums = recount(total?.type === 'total' ? total : newTotal(place, event), event, { before, isNewCustomer });
    const proofs: [string, SalesDocument][] = [[orderDocument, after]];
    if (isNewCustomer) proofs.push([customerDocument, { type: 'customer', id: customerDocument, bucket }]);
    return new Map<string, SalesDocument>([...documents, ...proofs, [TOTAL_ID, sums]]);
  },
};

interface Place {
  readonly date: string;
  readonly bucket: string;
  readonly orderDocument: string;
  readonly customerDocument: string;
}

/** Where an order is counted: on the day on which it was placed, for good. Undefined for a draft. */
function placeOf({ order }: OrderEventEnvelope): Place | undefined {
  if (order.placedAt === null) return undefined;
  const date = order.placedAt.slice(0, 10);
  return {
    date,
    bucket: bucketOf(date, order.currency, order.customerId),
    orderDocument: documentId(order.orderId),
    customerDocument: `!customer-${documentId(order.customerId)}`,
  };
}

function recount(
  sums: DayTotal,
  { order, version, timestamp }: OrderEventEnvelope,
  { before, isNewCustomer }: { readonly before: CountedOrder | undefined; readonly isNewCustomer: boolean },
): DayTotal {
  const amountIf = (status: 'cancelled' | 'refunded') =>
    (order.status === status ? order.total : 0) - (before?.status === status ? order.total : 0);
  return {
    ...sums,
    orders: sums.orders + (before === undefined ? 1 : 0),
    revenue: sums.revenue + (before === undefined ? order.total : 0),
    cancelled: sums.cancelled + amountIf('cancelled'),
    refunded: sums.refunded + amountIf('refunded'),
    uniqueCustomers: sums.uniqueCustomers + (isNewCustomer ? 1 : 0),
    version: sums.version + version - (before?.version ?? 0),
    lastUpdated: laterOf(sums.lastUpdated, timestamp),
  };
}

function newTotal({ date, bucket }: Place, { order }: OrderEventEnvelope): DayTotal {
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

registerProjection('projectSalesDaily', 'sales-daily', salesDaily);
