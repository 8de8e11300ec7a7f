import * as z from 'zod';
import { address, ORDER_STATUSES, tracking } from '../events/order-events.ts';
import { toDecimal } from '../money.ts';
import type { HistoryPage, ShownEntry } from './history-page.ts';
import type { OrderDetails } from './order-details.ts';

/** `?include=history,tracking`: the parts of an order that are returned only on request. */
export const orderIncludes = z
  .string()
  .optional()
  .transform((list) => list?.split(',') ?? [])
  .pipe(z.array(z.enum(['history', 'tracking'], 'must be history, tracking, or both separated by a comma')))
  .transform((parts) => new Set(parts))
  .meta({
    description: 'Parts to include: `history`, `tracking`, or both separated by a comma.',
    examples: ['history,tracking'],
  });

const money = z.number().describe('Decimal amount in the currency of the order.');
const utc = z.iso.datetime();

/** Example for the API description. */
const EXAMPLE = {
  orderId: '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e02',
  customerId: 'c1',
  customerName: 'Ada Lovelace',
  status: 'shipped',
  currency: 'USD',
  items: [
    { line: 1, productId: 'p1', productName: 'Walnut desk organizer', quantity: 2, price: 29.99, lineTotal: 59.98 },
  ],
  total: 59.98,
  shippingAddress: { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101', country: 'US' },
  placedAt: '2026-01-15T10:30:00.000Z',
  tracking: { carrier: 'UPS', trackingNumber: '1Z999AA10123456784', shippedAt: '2026-01-16T08:00:00.000Z' },
  version: 3,
  lastUpdated: '2026-01-16T08:00:00.000Z',
};

/** A line of an order in API responses. */
export const orderItem = z.strictObject({
  line: z.int().positive(),
  productId: z.string(),
  productName: z.string(),
  quantity: z.int().positive(),
  price: money,
  lineTotal: money,
});

/** An entry of an order's history in API responses. */
export const historyEntry = z.strictObject({
  version: z.int().positive(),
  eventType: z.string(),
  timestamp: utc,
  userId: z.string(),
  data: z.unknown().describe("The event's data, with money as decimal amounts."),
});

/** An order in API responses: money as decimal numbers, tracking and history only on request. */
export const orderResponse = z
  .strictObject({
    orderId: z.string(),
    customerId: z.string(),
    customerName: z.string(),
    status: z.enum(ORDER_STATUSES),
    currency: z.string(),
    items: z.array(orderItem),
    total: money,
    shippingAddress: address.nullable().describe('Null in a draft without an address.'),
    placedAt: utc.nullable().describe('Null in a draft.'),
    tracking: tracking.exactOptional(),
    history: z.array(historyEntry).exactOptional().describe('A page of the history, oldest first.'),
    historyContinuationToken: z.string().exactOptional().describe('Present when the history has another page.'),
    version: z.int().positive(),
    lastUpdated: utc,
  })
  .meta({ id: 'Order', examples: [EXAMPLE] });
type OrderResponse = z.output<typeof orderResponse>;

/**
 * Maps an order to its API response, with the requested parts.
 * @param history the requested page of the history
 */
export function toOrderResponse(
  order: OrderDetails,
  include: z.output<typeof orderIncludes>,
  history?: HistoryPage,
): OrderResponse {
  const { currency, total, items, orderId, customerId, customerName, status } = order;
  return {
    orderId,
    customerId,
    customerName,
    status,
    currency,
    items: toItemsResponse(items, currency),
    total: toDecimal(total, currency),
    shippingAddress: order.shippingAddress,
    placedAt: order.placedAt,
    ...(include.has('tracking') && order.tracking !== undefined && { tracking: order.tracking }),
    ...(history !== undefined && toHistoryResponse(history, currency)),
    version: order.version,
    lastUpdated: order.lastUpdated,
  };
}

/** Maps order lines to their API response. */
export function toItemsResponse(items: OrderDetails['items'], currency: string): OrderResponse['items'] {
  return items.map(({ price, quantity, ...item }) => ({
    ...item,
    quantity,
    price: toDecimal(price, currency),
    lineTotal: toDecimal(quantity * price, currency),
  }));
}

function toHistoryResponse({ entries, continuationToken }: HistoryPage, currency: string) {
  const toEntry = ({ version, eventType, timestamp, userId, data }: ShownEntry) => ({
    version,
    eventType,
    timestamp,
    userId,
    data: moneyToDecimal(data, currency),
  });
  return {
    history: entries.map(toEntry),
    ...(continuationToken !== undefined && { historyContinuationToken: continuationToken }),
  };
}

/** Fields of events that contain money. */
export const MONEY_FIELDS: ReadonlySet<string> = new Set(['price', 'total', 'creditLimit']);

/** An event's data with its money as decimal amounts. */
export function moneyToDecimal(value: unknown, currency: string): unknown {
  if (Array.isArray(value)) return value.map((item) => moneyToDecimal(item, currency));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      MONEY_FIELDS.has(key) && typeof field === 'number' ? toDecimal(field, currency) : moneyToDecimal(field, currency),
    ]),
  );
}
