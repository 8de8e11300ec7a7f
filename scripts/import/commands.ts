import { type MinorUnits, toDecimal } from '../../src/shared/money.ts';
import type { Invoice } from './read-invoices.ts';

/** The data set is a British shop's. */
export const CURRENCY = 'GBP';

/** The data set has no addresses: every order goes to this one. */
const SHIPPING_ADDRESS = { street: '1 Market Street', city: 'London', state: 'LND', zip: 'EC1A 1AA', country: 'GB' };

/** Credit and stock are this many times what the file orders, so that some other orders fit in too. */
const HEADROOM = 2;

/** The API's limit in characters. */
const MAX_NAME_LENGTH = 200;

/** A command to send: the same file always gives the same body under the same key, so a re-run changes nothing. */
export interface Command {
  /** For people: `order 536365`. */
  readonly what: string;
  readonly path: string;
  readonly idempotencyKey: string;
  readonly body: object;
}

/**
 * Registers the customers of the `chosen` invoices. Each credit limit covers what the `whole` file orders, also when only
 * some of it is chosen: the rest may follow later.
 */
export function customersOf(chosen: readonly Invoice[], whole: readonly Invoice[]): readonly Command[] {
  const totals = new Map<string, MinorUnits>();
  for (const invoice of whole) add(totals, invoice.customerId, totalOf(invoice));
  return [...new Set(chosen.map(({ customerId }) => customerId))].map((customerId) =>
    command(`customer ${customerId}`, '/customers', `import-customer-${customerId}`, {
      customerId,
      name: `Customer ${customerId}`,
      email: `customer-${customerId}@example.com`,
      creditLimit: toDecimal((totals.get(customerId) ?? 0) * HEADROOM, CURRENCY),
      currency: CURRENCY,
    }),
  );
}

/**
 * Adds the products of the `chosen` invoices. Stock (enough for the file), price (of the first line) and name (the first
 * that is not empty, else the stock code) are taken from the `whole` file.
 */
export function productsOf(chosen: readonly Invoice[], whole: readonly Invoice[]): readonly Command[] {
  const units = new Map<string, number>();
  const prices = new Map<string, MinorUnits>();
  const names = new Map<string, string>();
  for (const { productId, description, quantity, price } of whole.flatMap(({ lines }) => lines)) {
    add(units, productId, quantity);
    if (!prices.has(productId)) prices.set(productId, price);
    if (!names.has(productId) && description !== '') names.set(productId, description);
  }
  const productIds = new Set(chosen.flatMap(({ lines }) => lines.map(({ productId }) => productId)));
  return [...productIds].map((productId) =>
    command(`product ${productId}`, '/products', `import-product-${productId}`, {
      productId,
      name: (names.get(productId) ?? productId).slice(0, MAX_NAME_LENGTH).trim(),
      price: toDecimal(prices.get(productId) ?? 0, CURRENCY),
      stock: (units.get(productId) ?? 0) * HEADROOM,
      currency: CURRENCY,
    }),
  );
}

/** Places the invoice as an order. */
export function orderOf({ invoiceNo, customerId, placedAt, lines }: Invoice): Command {
  return command(`order ${invoiceNo}`, '/orders', `import-order-${invoiceNo}`, {
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
  });
}

/** Sum of the invoice's lines in pennies. */
export function totalOf({ lines }: Invoice): MinorUnits {
  return lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
}

/** A header's value is ASCII, a stock code need not be. */
function command(what: string, path: string, key: string, body: object): Command {
  return { what, path, idempotencyKey: encodeURIComponent(key), body };
}

function add(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}
