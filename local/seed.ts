import { registerCustomer } from '../src/commands/customers/register-customer.ts';
import type { CommandBus } from '../src/commands/pipeline/command-bus.ts';
import { addProduct } from '../src/commands/products/add-product.ts';
import { Problem } from '../src/shared/http/problem.ts';

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

const ADMIN = { userId: 'local-admin', roles: new Set(['admin'] as const), customerId: undefined };

/** The commands that {@link seed} sends. */
export const SEED_COMMANDS = [registerCustomer, addProduct];

/** Sends their commands; what is there already, from an earlier start, stays as it is. */
export async function seed(bus: CommandBus): Promise<void> {
  await Promise.all([
    ...CUSTOMERS.map((customer) => send(bus, registerCustomer.type, customer.customerId, customer)),
    ...PRODUCTS.map((product) => send(bus, addProduct.type, product.productId, product)),
  ]);
}

async function send(bus: CommandBus, commandType: string, id: string, data: object): Promise<void> {
  const envelope = {
    commandId: `seed-${id}`,
    commandType,
    aggregateId: undefined,
    newAggregateId: id,
    data,
    expectedVersion: undefined,
    actor: ADMIN,
    receivedAt: new Date().toISOString(),
    correlationId: `seed-${id}`,
    traceparent: undefined,
    source: 'seed',
  };
  await bus.dispatch(envelope).catch((error: unknown) => {
    const isThere = error instanceof Problem && error.status === 409;
    if (!isThere) throw new Error(`Seeding ${id} failed.`, { cause: error });
  });
}
