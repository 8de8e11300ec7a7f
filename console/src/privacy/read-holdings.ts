import type { OrdersClient } from 'cqrs-orders-client';
import { type ExportedRecord, type Holding, holdingsOf, keysErasedAt, nameIn } from './holdings.ts';

/** Everything that the system holds about a customer at one moment. */
export interface Held {
  readonly records: readonly ExportedRecord[];
  /** Milliseconds since 1970. */
  readonly readAt: number;
  readonly holdings: readonly Holding[];
  /** When the data keys were destroyed (ISO 8601); undefined while they exist. */
  readonly erasedAt: string | undefined;
  /** Another admin has to confirm the erasure. */
  readonly isRequested: boolean;
  /** Undefined when it is erased. */
  readonly name: string | undefined;
}

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

/** What a search for the name finds of the customer. Every hit is personal data: it ties the name to the customer. */
async function search(
  orders: OrdersClient,
  customerId: string,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
): Promise<readonly Holding[]> {
  const options = { params: { query: { q: name, limit: 100 } }, signal };
  const [customers, ofCustomer] = await Promise.all([
    orders.GET('/customers', options),
    orders.GET('/orders', options),
  ]);
  const hits = (store: string, items: readonly Readonly<Record<string, unknown>>[]): Holding => {
    const own = items.filter((item) => item.customerId === customerId);
    return { store, records: own, personal: own.length, erased: 0 };
  };
  return [hits('search_customers', customers.data.items), hits('search_orders', ofCustomer.data.items)];
}
