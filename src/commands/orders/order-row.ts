import type { OrderRow } from '../write-store/write-store.ts';
import type { ExistingOrder } from './domain/order.ts';

/** The row of an order. Columns that the state does not have are null. */
export function toOrderRow(orderId: string, version: number, state: ExistingOrder): OrderRow {
  return {
    orderId,
    customerId: state.customerId,
    status: state.status,
    currency: state.currency,
    total: state.total,
    shippingAddress: state.shippingAddress,
    placedAt: state.placedAt,
    confirmedAt: 'confirmedAt' in state ? (state.confirmedAt ?? null) : null,
    tracking: 'tracking' in state ? (state.tracking ?? null) : null,
    version,
    items: state.items,
    lastLine: state.lastLine,
  };
}

/** The state of a stored order. Throws when the row lacks a column that its status requires. */
export function toOrderState(row: OrderRow): ExistingOrder {
  const { customerId, currency, items, lastLine, total, status } = row;
  const content = { customerId, currency, items, lastLine, total };
  const unplaced = { ...content, shippingAddress: row.shippingAddress };
  const confirmation = row.confirmedAt === null ? {} : { confirmedAt: row.confirmedAt };
  switch (status) {
    case 'draft':
      return { ...unplaced, status, placedAt: null };
    case 'cancelled':
      return { ...unplaced, ...confirmation, status, placedAt: row.placedAt };
    case 'submitted':
      return { ...content, ...placed(row), status };
    case 'confirmed':
      return { ...content, ...placed(row), status, confirmedAt: required(row, 'confirmedAt') };
    case 'shipped':
    case 'delivered':
      return {
        ...content,
        ...placed(row),
        status,
        confirmedAt: required(row, 'confirmedAt'),
        tracking: required(row, 'tracking'),
      };
    case 'refunded': {
      const tracking = row.tracking === null ? {} : { tracking: row.tracking };
      return { ...content, ...placed(row), status, confirmedAt: required(row, 'confirmedAt'), ...tracking };
    }
  }
}

function placed(row: OrderRow) {
  return { shippingAddress: required(row, 'shippingAddress'), placedAt: required(row, 'placedAt') };
}

function required<Column extends 'shippingAddress' | 'placedAt' | 'confirmedAt' | 'tracking'>(
  row: OrderRow,
  column: Column,
): NonNullable<OrderRow[Column]> {
  const value = row[column];
  if (value === null) throw new Error(`Order ${row.orderId} is stored as ${row.status} without its ${column}.`);
  return value;
}
