/** A few customers and products, so that the first order can be placed right away. */
const CUSTOMERS = [
  { customerId: 'c1', name: 'Ada Lovelace', email: 'ada@example.com', phone: '+44 20 7946 0001', creditLimit: 50_000 },
  { customerId: 'c2', name: 'Grace Hopper', email: 'grace@example.com', creditLimit: 1_000 },
];
const PRODUCTS = [
  { productId: 'p1', name: 'Walnut desk organizer', price: 29.99, stock: 1_000 },
  { productId: 'p2', name: 'Brass desk lamp', price: 119, stock: 200 },
  { productId: 'p3', name: 'Leather notebook', price: 18.5, stock: 5 },
];

/** Sends them as commands; what is there already, from an earlier start, stays as it is. */
export async function seed(apiUrl: string, adminToken: string): Promise<void> {
  const send = async (path: string, id: string, body: object) => {
    const response = await fetch(`${apiUrl}/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${adminToken}`,
        'content-type': 'application/json',
        'idempotency-key': `seed-${id}`,
      },
      body: JSON.stringify(body),
    });
    if (!response.ok && response.status !== 409) throw new Error(`Seeding ${id} failed: ${await response.text()}`);
  };
  await Promise.all([
    ...CUSTOMERS.map((customer) => send('customers', customer.customerId, customer)),
    ...PRODUCTS.map((product) => send('products', product.productId, product)),
  ]);
}
