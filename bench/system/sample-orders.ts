import { randomUUID } from 'node:crypto';
import type { SentCommand } from '../../test/support/commands/command-bus.ts';
import { inParallel, range } from '../measuring/drive.ts';
import type { HttpClient } from '../measuring/http-client.ts';

/** The body of a request that places an order. */
export interface OrderBody {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  readonly shippingAddress: Readonly<Record<string, string>>;
}

/** Enough that commands that are under way at the same time have different customers. */
const CUSTOMERS = 64;
const PRODUCTS = 20;
const LINES = 5;
const AT_ONCE = 16;
const ADDRESS = { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101', country: 'US' };

/** The customers and products of the orders, as bodies of requests. */
const CUSTOMER_BODIES = range(CUSTOMERS).map((number) => ({
  ...{ customerId: `customer-${number}`, name: 'Ada Lovelace', email: 'ada@example.com', creditLimit: 1_000_000_000 },
}));
const PRODUCT_BODIES = range(PRODUCTS).map((number) => ({
  ...{ productId: `product-${number}`, name: `Desk lamp ${number}`, price: 29.99, stock: 1_000_000_000 },
}));

let ordered = 0;

/** New orders of five lines, each of the next customer and of other products. */
export function newOrders(count: number): readonly OrderBody[] {
  return range(count).map(() => {
    const number = ordered++;
    return {
      orderId: randomUUID(),
      customerId: `customer-${number % CUSTOMERS}`,
      items: range(LINES).map((line) => ({ productId: `product-${(number + line * 7) % PRODUCTS}`, quantity: 1 })),
      shippingAddress: ADDRESS,
    };
  });
}

/** The command that places an order. */
export function placeCommand({ orderId, ...data }: OrderBody): SentCommand {
  return { type: 'PlaceOrder', on: orderId, data };
}

/** Sends the customers and the products to a running system. */
export async function addCustomersAndProducts(client: HttpClient): Promise<void> {
  await inParallel(CUSTOMER_BODIES, AT_ONCE, (body) => client.post('/customers', body));
  await inParallel(PRODUCT_BODIES, AT_ONCE, (body) => client.post('/products', body));
}

/** The commands that register the customers and add the products. */
export const SETUP_COMMANDS: readonly SentCommand[] = [
  ...CUSTOMER_BODIES.map((data) => ({ type: 'RegisterCustomer', data })),
  ...PRODUCT_BODIES.map((data) => ({ type: 'AddProduct', data })),
];
