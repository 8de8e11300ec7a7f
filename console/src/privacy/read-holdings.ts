import type { OrdersClient } from 'cqrs-orders-client';
import { type ExportedRecord, foundOf, type Held, type Holding, holdingsOf, keysErasedAt, nameIn } from './holdings.ts';

/** Reads the whole export, and searches for the customer by name: their own, or the one that they had. */
export async function readHeld(
  orders: OrdersClient,
  customerId: string,
  { name: earlierName, signal }: { readonly name?: string | undefined; readonly signal: AbortSignal },
): Promise<Held> {
  const records = await readExport(orders, customerId, signal);
  const name = nameIn(records);
  const wanted = name ?? earlierName;
  const found = wanted === undefined ? [] : await search(orders, customerId, { name: wanted, signal });
  return {
    records,
    readAt: Date.now(),
    holdings: [...holdingsOf(records), ...found],
    erasedAt: keysErasedAt(records),
    isRequested: records.some(({ store }) => store === 'ErasureRequests'),
    name,
  };
}

async function readExport(
  orders: OrdersClient,
  customerId: string,
  signal: AbortSignal,
): Promise<readonly ExportedRecord[]> {
  const records: ExportedRecord[] = [];
  const params = { path: { customerId } };
  for await (const record of orders.items('/customers/{customerId}/export', { params, signal })) records.push(record);
  return records;
}

/** What a search for the name finds of the customer. */
function search(
  orders: OrdersClient,
  customerId: string,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
): Promise<readonly Holding[]> {
  const options = { params: { query: { q: name, limit: 100 } }, signal };
  return Promise.all([
    foundOf(customerId, { store: 'search_customers', found: orders.items('/customers', options) }),
    foundOf(customerId, { store: 'search_orders', found: orders.items('/orders', options) }),
  ]);
}
