import { CosmosClient } from '@azure/cosmos';
import { z } from 'zod';
import { inParallel } from '../../../bench/measuring/drive.ts';
import { READ_MODEL_CONTAINERS } from '../../../src/shared/read-models/containers.ts';
import { query } from '../commands/write-store-rows.ts';
import { allProjected } from '../projections/read-models.ts';
import { ADDRESS, type ApiClient, customerAndProduct, eventually, uniqueId } from '../system/api-client.ts';
import type { TestSystem } from '../system/system.ts';

/** An order with its version and status. */
export interface PlacedOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly version: number;
  readonly status: 'submitted' | 'confirmed' | 'cancelled';
}

const LIFE = ['submitted', 'confirmed', 'cancelled'] as const;

/** Sums over the orders in a currency from the event log; amounts in minor units. */
export interface LogSums {
  readonly orders: number;
  readonly customers: number;
  readonly totalSpent: number;
  readonly revenue: number;
  readonly cancelled: number;
}

const AT_A_TIME = 16;
const PRICE = 29.99;

/** Places orders of a new customer. Of every three, the second is confirmed, and the third is confirmed and cancelled. */
export async function placeOrders(admin: ApiClient, count: number, currency: string): Promise<readonly PlacedOrder[]> {
  const { customerId, productId } = await customerAndProduct(admin, {
    creditLimit: 1_000_000,
    price: PRICE,
    stock: 100_000,
    currency,
  });
  const orders = Array.from({ length: count }, (_, index) => {
    const version = 1 + (index % LIFE.length);
    return { orderId: uniqueId('order'), customerId, version, status: LIFE[version - 1] ?? 'submitted' };
  });
  const { POST } = admin.orders;
  await inParallel(orders, AT_A_TIME, async ({ orderId, version }) => {
    const items = [{ productId, quantity: version }];
    const params = { path: { orderId } };
    await POST('/orders', { body: { orderId, customerId, items, shippingAddress: ADDRESS, currency } });
    if (version > 1) await POST('/orders/{orderId}/confirm', { params });
    if (version > 2) await POST('/orders/{orderId}/cancel', { params, body: { reason: 'no longer needed' } });
  });
  return orders;
}

/** The sums over the orders in a currency, each in the state of its newest event. */
export function sumsOfLog(writeStore: string, currency: string): LogSums {
  const rows = query(writeStore, "SELECT Body FROM Events WHERE AggregateType = 'Order' ORDER BY AggregateId, Version");
  const newest = new Map(
    rows.map(({ Body }) => {
      const { order } = orderEvent.parse(JSON.parse(String(Body)));
      return [order.orderId, order] as const;
    }),
  );
  const orders = [...newest.values()].filter((order) => order.currency === currency);
  const sum = (of: typeof orders) => of.reduce((total, order) => total + order.total, 0);
  const revenue = sum(orders);
  const cancelled = sum(orders.filter(({ status }) => status === 'cancelled'));
  const customers = new Set(orders.map(({ customerId }) => customerId)).size;
  return { orders: orders.length, customers, totalSpent: revenue - cancelled, revenue, cancelled };
}

const orderEvent = z.object({
  order: z.object({
    orderId: z.string(),
    customerId: z.string(),
    currency: z.string(),
    status: z.string(),
    total: z.number(),
  }),
});

/** Waits until every read model has projected everything that was written. */
export async function caughtUp(system: TestSystem, withinMs?: number): Promise<void> {
  const file = system.writeStore;
  await eventually(
    () => query(file, 'SELECT count(*) AS count FROM Events WHERE PublishedAt IS NULL')[0]?.count,
    (count) => count === 0,
    withinMs,
  );
  await allProjected(system, withinMs);
}

/** Every `projectionVersion` in the documents of a read model. */
export async function stampsIn(system: TestSystem, readModel: string): Promise<readonly number[]> {
  const client = new CosmosClient(system.azure.cosmosDb.connectionString);
  const { resources } = await client
    .database('orders')
    .container(containerOf(readModel))
    .items.readAll<object>()
    .fetchAll();
  client.dispose();
  const stamps: number[] = [];
  JSON.stringify(resources, (key, value) => {
    if (key === 'projectionVersion') stamps.push(Number(value));
    return value;
  });
  return stamps;
}

/** The container of a read model. */
function containerOf(readModel: string): string {
  const container = READ_MODEL_CONTAINERS.find((one) => one.readModel === readModel);
  if (container === undefined) throw new Error(`There is no read model ${readModel}.`);
  return container.name;
}
