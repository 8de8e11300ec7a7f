import { ADDRESS, eventually } from '../system/api-client.ts';
import type { TestSystem } from '../system/system.ts';

const PRODUCTS = [
  { productId: 'p1', name: 'Walnut desk organizer', price: 29.99, stock: 1_000 },
  { productId: 'p2', name: 'Brass desk lamp', price: 119, stock: 200 },
  { productId: 'p3', name: 'Leather notebook', price: 18.5, stock: 5 },
  { productId: 'p4', name: 'Linen desk mat', price: 42, stock: 60 },
];
const CUSTOMERS = [
  { customerId: 'c1', name: 'Ada Lovelace', email: 'ada@example.com', creditLimit: 50_000 },
  { customerId: 'c2', name: 'Grace Hopper', email: 'grace@example.com', creditLimit: 5_000 },
];

/** Adds the customers that the console's header offers, a few products, and one confirmed order. Returns the order's id. */
export async function seed(system: TestSystem): Promise<string> {
  const admin = system.as('admin');
  await Promise.all([
    ...PRODUCTS.map((product) => admin.post('/products', product)),
    ...CUSTOMERS.map((customer) => admin.post('/customers', customer)),
  ]);
  const items = [
    { productId: 'p1', quantity: 2 },
    { productId: 'p3', quantity: 1 },
  ];
  const { body } = await admin.post('/orders', { customerId: 'c1', items, shippingAddress: ADDRESS });
  await admin.post(`/orders/${body.orderId}/confirm`, {});
  await eventually(
    () => admin.get(`/orders/${body.orderId}?minVersion=2`),
    ({ status }) => status === 200,
  );
  return body.orderId;
}
