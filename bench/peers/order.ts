import { randomUUID } from 'node:crypto';

/** The body of the request that places an order, the same for every peer. */
export interface PlaceOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly { readonly productId: string; readonly quantity: number; readonly price: number }[];
  readonly shippingAddress: Readonly<Record<'street' | 'city' | 'state' | 'zip' | 'country', string>>;
}

/** The customers and products of the orders. A peer that checks them must be given them first. */
export const CUSTOMERS = Array.from({ length: 50 }, (_, index) => `bench-customer-${index + 1}`);
/** See `CUSTOMERS`. */
export const PRODUCTS = Array.from({ length: 100 }, (_, index) => `bench-product-${index + 1}`);
/** Price of each product in USD. */
export const PRICE = 29.99;
const LINES = 5;
const SHIPPING_ADDRESS = { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101', country: 'US' };

/** Makes new orders of five lines, with the customers and products in turn. */
export function newOrders(count: number): readonly PlaceOrder[] {
  return Array.from({ length: count }, (_, order) => ({
    orderId: randomUUID(),
    customerId: CUSTOMERS[order % CUSTOMERS.length] ?? '',
    items: Array.from({ length: LINES }, (_, line) => ({
      productId: PRODUCTS[(order * LINES + line) % PRODUCTS.length] ?? '',
      quantity: 1,
      price: PRICE,
    })),
    shippingAddress: SHIPPING_ADDRESS,
  }));
}
