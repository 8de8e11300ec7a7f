import type { OrderRow } from '../write-store/write-store.ts';
import type { ExistingOrder } from './domain/order.ts';

/** The row of an order in a state; what the state does not have is null. */
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
  };
}

/** The state of a stored order. Throws when the row lacks what its status must have. */
export function toOrderState(row: OrderRow): ExistingOrder {
  const { customerId, currency, items, total, status } = row;
  const content = { customerId, currency, items, total };
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
      return { ...content, ...placed(row), status, confirmedAt: known(row, 'confirmedAt') };
    case 'shipped':
    case 'delivered':
      return {
        ...content,
        ...placed(row),
        status,
        confirmedAt: known(row, 'confirmedAt'),
        tracking: known(row, 'tracking'),
      };
    case 'refunded': {
      const tracking = row.tracking === null ? {} : { tracking: row.tracking };
      return { ...content, ...placed(row), status, confirmedAt: known(row, 'confirmedAt'), ...tracking };
    }
  }
}

function placed(row: OrderRow) {
  return { shippingAddress: known(row, 'shippingAddress'), placedAt: known(row, 'placedAt') };
}

function known<Column extends 'shippingAddress' | 'placedAt' | 'confirmedAt' | 'tracking'>(
  row: OrderRow,
  column: Column,
): NonNullable<OrderRow[Column]> {
  const value = row[column];
  if (value === null) throw new Error(`Order ${row.orderId} is stored as ${row.status} without its ${column}.`);
  return value;
}
