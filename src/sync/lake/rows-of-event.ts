import type { EventEnvelope, OrderEventEnvelope } from '../../shared/events/envelope.ts';
import { CUSTOMERS, DECIMAL_SCALE, ORDER_ITEMS, ORDERS, PRODUCTS, type Table } from '../../shared/lake/tables.ts';
import { currencyDecimals, type MinorUnits } from '../../shared/money.ts';
import type { Row } from './row-file.ts';

/** The rows of one aggregate in one table, in one version. They replace the rows of every lower version. */
export interface AggregateRows {
  readonly table: Table;
  readonly id: string;
  /** Names the files that can have the rows: the same for all versions of the aggregate. */
  readonly bucket: string;
  readonly version: number;
  readonly rows: readonly Row[];
}

/** Time (ms) from an order's confirmation to when it must have been shipped. */
const SHIP_WITHIN_MS = 2 * 86_400_000;

/** Number of buckets of a table that has no days. */
const BUCKETS = 8;

/** The rows that an event carries. Other aggregates have no table. Pure. */
export function rowsOfEvent(event: EventEnvelope): readonly AggregateRows[] {
  const { aggregateId: id, version } = event;
  const changed = { version, updated_at: new Date(event.timestamp) };
  switch (event.aggregateType) {
    case 'Order':
      return orderRows(event, changed);
    case 'Customer': {
      const { currency, creditLimit } = event.customer;
      const row = {
        customer_id: id,
        currency,
        credit_limit: decimal(creditLimit, currency),
        is_erased: event.eventType === 'CustomerErased',
        ...changed,
      };
      return [{ table: CUSTOMERS, id, bucket: hashBucket(id), version, rows: [row] }];
    }
    case 'Product': {
      const { name, price, currency } = event.product;
      const row = {
        product_id: id,
        product_name: name,
        currency,
        price: decimal(price, currency),
        is_discontinued: event.eventType === 'ProductDiscontinued',
        ...changed,
      };
      return [{ table: PRODUCTS, id, bucket: hashBucket(id), version, rows: [row] }];
    }
    default:
      return [];
  }
}

/** A draft has no rows: it may never become an order, and its day, which never changes afterwards, is not known yet. */
function orderRows(
  { aggregateId: id, version, order }: OrderEventEnvelope,
  changed: Pick<Row, 'version' | 'updated_at'>,
): readonly AggregateRows[] {
  const { placedAt, currency, items, tracking } = order;
  if (placedAt === null) return [];
  const bucket = placedAt.slice(0, 10);
  const placed_on = new Date(bucket);
  const row = {
    order_id: id,
    customer_id: order.customerId,
    status: order.status,
    currency,
    total_amount: decimal(order.total, currency),
    item_count: items.length,
    placed_on,
    placed_at: new Date(placedAt),
    confirmed_at: time(order.confirmedAt),
    ship_by: order.confirmedAt === undefined ? null : new Date(Date.parse(order.confirmedAt) + SHIP_WITHIN_MS),
    shipped_at: time(tracking?.shippedAt),
    delivered_at: time(tracking?.deliveredAt),
    ...changed,
  };
  const lines = items.map(({ line, productId, productName, quantity, price }) => ({
    order_id: id,
    line,
    product_id: productId,
    product_name: productName,
    quantity,
    currency,
    price: decimal(price, currency),
    line_total: decimal(price * quantity, currency),
    placed_on,
    ...changed,
  }));
  return [
    { table: ORDERS, id, bucket, version, rows: [row] },
    { table: ORDER_ITEMS, id, bucket, version, rows: lines },
  ];
}

const time = (text: string | undefined) => (text === undefined ? null : new Date(text));

/** An amount as a decimal cell: 2999 (USD) is 29.9900. */
function decimal(amount: MinorUnits, currency: string): bigint {
  return BigInt(amount) * 10n ** BigInt(DECIMAL_SCALE - currencyDecimals(currency));
}

/** FNV-1a over UTF-16 units: https://datatracker.ietf.org/doc/draft-eastlake-fnv/. Spreads the ids; nothing else depends on it. */
function hashBucket(id: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return `hash-${(hash >>> 0) % BUCKETS}`;
}
