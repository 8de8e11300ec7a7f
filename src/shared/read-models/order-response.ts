import { z } from 'zod';
import { toDecimal } from '../money.ts';
import type { HistoryEntry, OrderDetails } from './order-details.ts';

/** `?include=history,tracking`: the parts of an order that are shown only when asked for. */
export const orderIncludes = z
  .string()
  .optional()
  .transform((list) => list?.split(',') ?? [])
  .pipe(z.array(z.enum(['history', 'tracking'], 'must be history, tracking, or both with a comma')))
  .transform((parts) => new Set(parts));

/** The order as clients see it: money as decimal numbers, tracking and history only when asked for. */
export function toOrderResponse(order: OrderDetails, include: z.output<typeof orderIncludes>): object {
  const { currency, total, items, history, orderId, customerId, customerName, status } = order;
  return {
    orderId,
    customerId,
    customerName,
    status,
    currency,
    items: items.map(({ price, quantity, ...item }) => ({
      ...item,
      quantity,
      price: toDecimal(price, currency),
      lineTotal: toDecimal(quantity * price, currency),
    })),
    total: toDecimal(total, currency),
    shippingAddress: order.shippingAddress,
    placedAt: order.placedAt,
    ...(include.has('tracking') && order.tracking !== undefined && { tracking: order.tracking }),
    ...(include.has('history') && { history: history.map((entry) => toHistoryResponse(entry, currency)) }),
    version: order.version,
    lastUpdated: order.lastUpdated,
  };
}

function toHistoryResponse({ data, ...entry }: HistoryEntry, currency: string): object {
  return { ...entry, data: moneyToDecimal(data, currency) };
}

/** Fields of the events' data that hold money. */
const MONEY_FIELDS = new Set(['price', 'total']);

function moneyToDecimal(value: unknown, currency: string): unknown {
  if (Array.isArray(value)) return value.map((item) => moneyToDecimal(item, currency));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      MONEY_FIELDS.has(key) && typeof field === 'number' ? toDecimal(field, currency) : moneyToDecimal(field, currency),
    ]),
  );
}
