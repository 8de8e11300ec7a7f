import { createHash } from 'node:crypto';
import type { components } from '../../clients/typescript/src/index.ts';
import { MAX_AMOUNT, type MinorUnits, toDecimal } from '../../src/shared/money.ts';
import { toStockCode } from './product-id.ts';
import { toProductName } from './product-name.ts';
import type { Invoice } from './read-invoices.ts';

/** The data set comes from a British shop. */
export const CURRENCY = 'GBP';

/** The data set has no addresses, so every order ships to this one. */
const SHIPPING_ADDRESS = { street: '1 Market Street', city: 'London', state: 'LND', zip: 'EC1A 1AA', country: 'GB' };

/** Credit and stock are this many times what the file needs, which leaves room for other orders. */
const HEADROOM = 2;

/** The API's limit for idempotency keys, in characters. */
const MAX_KEY_LENGTH = 64;

/** The name of a product for which neither a description nor the stock code can be one. */
const UNNAMED = 'Unnamed product';

type Schemas = components['schemas'];

/** What a command creates. */
type Creation =
  | { readonly path: '/customers'; readonly body: Schemas['RegisterCustomer'] }
  | { readonly path: '/products'; readonly body: Schemas['AddProduct'] }
  | { readonly path: '/orders'; readonly body: Schemas['PlaceOrder'] };

/** A command to send. The same file always produces the same body and idempotency key, so a rerun changes nothing. */
export type Command = Creation & {
  /** Display name: `order 536365`. */
  readonly what: string;
  readonly idempotencyKey: string;
};

/**
 * Returns the commands that register the customers of the `chosen` invoices. The credit limits cover the `whole` file, because
 * the other invoices may be imported later, as far as the API's limit for amounts allows.
 */
export function customersOf(chosen: readonly Invoice[], whole: readonly Invoice[]): readonly Command[] {
  const totals = new Map<string, MinorUnits>();
  for (const invoice of whole) add(totals, invoice.customerId, totalOf(invoice));
  return [...new Set(chosen.map(({ customerId }) => customerId))].map((customerId) => ({
    what: `customer ${customerId}`,
    path: '/customers',
    idempotencyKey: idempotencyKey('customer', customerId),
    body: {
      customerId,
      name: `Customer ${customerId}`,
      email: `customer-${customerId}@example.com`,
      creditLimit: toDecimal(Math.min((totals.get(customerId) ?? 0) * HEADROOM, MAX_AMOUNT), CURRENCY),
      currency: CURRENCY,
    },
  }));
}

/**
 * Returns the commands that add the products of the `chosen` invoices. Stock (enough for the file), price (of the first line) and
 * name (the first usable description, else the stock code) come from the `whole` file.
 */
export function productsOf(chosen: readonly Invoice[], whole: readonly Invoice[]): readonly Command[] {
  const units = new Map<string, number>();
  const prices = new Map<string, MinorUnits>();
  const names = new Map<string, string>();
  for (const { productId, description, quantity, price } of whole.flatMap(({ lines }) => lines)) {
    add(units, productId, quantity);
    if (!prices.has(productId)) prices.set(productId, price);
    const name = names.get(productId) ?? toProductName(description);
    if (name !== undefined) names.set(productId, name);
  }
  const productIds = new Set(chosen.flatMap(({ lines }) => lines.map(({ productId }) => productId)));
  return [...productIds].map((productId) => ({
    what: `product ${toStockCode(productId)}`,
    path: '/products',
    idempotencyKey: idempotencyKey('product', productId),
    body: {
      productId,
      name: names.get(productId) ?? toProductName(toStockCode(productId)) ?? UNNAMED,
      price: toDecimal(prices.get(productId) ?? 0, CURRENCY),
      stock: (units.get(productId) ?? 0) * HEADROOM,
      currency: CURRENCY,
    },
  }));
}

/** Returns the command that places the invoice as an order. */
export function orderOf({ invoiceNo, customerId, placedAt, lines }: Invoice): Command {
  return {
    what: `order ${invoiceNo}`,
    path: '/orders',
    idempotencyKey: idempotencyKey('order', invoiceNo),
    body: {
      orderId: invoiceNo,
      customerId,
      currency: CURRENCY,
      placedAt,
      items: lines.map(({ productId, quantity, price }) => ({
        productId,
        quantity,
        price: toDecimal(price, CURRENCY),
      })),
      shippingAddress: SHIPPING_ADDRESS,
    },
  };
}

/** The invoice total in pennies. */
export function totalOf({ lines }: Invoice): MinorUnits {
  return lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
}

/** Encodes the id, because header values must be ASCII and stock codes may contain other characters. Hashes it when it is too long. */
function idempotencyKey(kind: string, id: string): string {
  const key = `import-${kind}-${encodeURIComponent(id)}`;
  if (key.length <= MAX_KEY_LENGTH) return key;
  return `import-${kind}-${createHash('sha256').update(id).digest('base64url')}`;
}

function add(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}
