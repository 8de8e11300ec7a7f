import { CosmosClient } from '@azure/cosmos';
import { expect } from 'vitest';
import { ORDER_EVENTS_HUB } from '../../../src/shared/event-hubs/hub.ts';
import { DEAD_LETTERS, ORDER_DETAILS } from '../../../src/shared/read-models/containers.ts';
import { query } from '../commands/write-store-rows.ts';
import { ADDRESS, type ApiClient, customerAndProduct, eventually, uniqueId } from '../system/api-client.ts';
import type { TestSystem } from '../system/system.ts';

/** Places orders of one customer for one product, which exist already. */
export interface Shop {
  /** Places orders, some at a time. Resolves to their ids once all are accepted. */
  placeOrders(count: number, on?: ApiClient): Promise<readonly string[]>;
}

const AT_A_TIME = 20;

export async function openShop(system: TestSystem): Promise<Shop> {
  const admin = system.as('admin');
  const { customerId, productId } = await customerAndProduct(admin, { creditLimit: 1_000_000, stock: 100_000 });
  const placeOne = async ({ orders }: ApiClient): Promise<string> => {
    const items = [{ productId, quantity: 2 }];
    const body = { orderId: uniqueId('order'), customerId, items, shippingAddress: ADDRESS };
    return (await orders.POST('/orders', { body })).data.orderId;
  };
  return {
    placeOrders: async (count, on = admin) => {
      const orderIds: string[] = [];
      while (orderIds.length < count) {
        const size = Math.min(AT_A_TIME, count - orderIds.length);
        orderIds.push(...(await Promise.all(Array.from({ length: size }, () => placeOne(on)))));
      }
      return orderIds;
    },
  };
}

/** Waits until every version of every order is projected, and expects each order to equal its rows, with one history entry per event. */
export async function expectReadableAsWritten(system: TestSystem, orderIds: readonly string[]): Promise<void> {
  const admin = system.as('admin');
  const written = writtenOrders(system.writeStore, new Set(orderIds));
  const read = new Map<string, unknown>();
  for (const orderId of orderIds) {
    const versions = written.get(orderId)?.versions?.length ?? 0;
    const { body } = await eventually(
      () => admin.get(`/orders/${orderId}?minVersion=1&include=history`, { prefer: 'wait=5' }),
      (answer) => answer.status === 200 && answer.body.history.length === versions,
      40_000,
    );
    const { items, history, placedAt, total, version, status } = body;
    const lines = items.map(({ line, productId, quantity, price }: Record<string, unknown>) => ({
      line,
      productId,
      quantity,
      price,
    }));
    const seen = history.map((entry: { readonly version: number }) => entry.version);
    read.set(orderId, { status, total, placedAt, version, lines, versions: seen });
  }
  expect(read).toEqual(written);
}

function writtenOrders(file: string, orderIds: ReadonlySet<string>) {
  const lines = Map.groupBy(query(file, 'SELECT * FROM OrderItems ORDER BY Line'), ({ OrderId }) => OrderId);
  const events = Map.groupBy(query(file, 'SELECT * FROM Events ORDER BY Version'), ({ AggregateId }) => AggregateId);
  const orders = query(file, 'SELECT * FROM Orders').filter(({ OrderId }) => orderIds.has(String(OrderId)));
  return new Map(
    orders.map(({ OrderId, Status, Total, PlacedAt, Version }) => [
      String(OrderId),
      {
        status: Status,
        total: Number(Total) / 100,
        placedAt: PlacedAt,
        version: Version,
        lines: lines.get(OrderId)?.map(({ Line, ProductId, Quantity, Price }) => ({
          line: Line,
          productId: ProductId,
          quantity: Quantity,
          price: Number(Price) / 100,
        })),
        versions: events.get(OrderId)?.map((event) => event.Version),
      },
    ]),
  );
}

/** Ids of the events in the hub, in the order of its partitions. An event that was sent twice appears twice. */
export function publishedEventIds({ azure }: TestSystem): readonly string[] {
  return azure.eventHubs.events(ORDER_EVENTS_HUB).map(({ body }) => JSON.parse(body.toString()).eventId);
}

/** Expects the hub to have every committed event. */
export function expectAllPublished(system: TestSystem): void {
  const committed = query(system.writeStore, 'SELECT EventId FROM Events').map(({ EventId }) => EventId);
  const published = new Set<unknown>(publishedEventIds(system));
  expect(committed.filter((eventId) => !published.has(eventId))).toEqual([]);
}

export const countProjectedOrders = (system: TestSystem): Promise<number> =>
  count(system, ORDER_DETAILS.name, 'WHERE c.sequence = 0');
export const countDeadLetters = (system: TestSystem): Promise<number> => count(system, DEAD_LETTERS.name);

async function count({ azure }: TestSystem, container: string, where = ''): Promise<number> {
  const client = new CosmosClient(azure.cosmosDb.connectionString);
  const items = client.database('orders').container(container).items;
  const { resources } = await items.query<number>(`SELECT VALUE COUNT(1) FROM c ${where}`).fetchAll();
  client.dispose();
  return resources[0] ?? 0;
}
