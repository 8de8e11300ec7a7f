import { createDocument } from '../local/cosmos-db/document-operations.ts';
import { READ_DATABASE } from '../local/read-database.ts';
import { ORDER_SEARCH } from '../src/shared/read-models/containers.ts';
import { orderSearch } from '../src/sync/projections/order-search.ts';
import { orderPlaced } from '../test/support/events/events.ts';
import { openSearchFixture, type SearchFixture } from '../test/support/search/search-fixture.ts';

/** The cost of a search for orders, in Cosmos DB and in Azure AI Search. */
export interface SearchCounts {
  readonly orders: number;
  readonly query: string;
  readonly service: 'cosmos-db' | 'ai-search';
  /** HTTP requests to the service. */
  readonly requests: number;
  /** Request units of Cosmos DB, estimated by the stand-in, in which a scan is free. */
  readonly requestUnits: number;
}

const ADJECTIVES = ['red', 'blue', 'small', 'large', 'wooden', 'glass', 'vintage', 'modern', 'folding', 'outdoor'];
const NOUNS = ['lamp', 'chair', 'table', 'shelf', 'mug', 'clock', 'mirror', 'basket', 'candle', 'frame'];
const SURNAMES = ['Lovelace', 'Hopper', 'Dijkstra', 'Hamilton', 'Liskov', 'Turing', 'Knuth', 'Lamport'];

/** The queries: words of a tenth and of a hundredth of the orders, the id of one, and no order. */
const QUERIES = ['q=lamp', 'q=wooden%20lamp', 'q=order-77', 'q=nothing', 'status=submitted'];

/** Measures searches among a number of orders, each with three of a hundred products. */
export async function countSearches(orders: number): Promise<readonly SearchCounts[]> {
  const fixture = await openSearchFixture('ai-search');
  try {
    fill(fixture, orders);
    const counts = await measure(fixture, 'cosmos-db', orders);
    await fixture.maintain();
    return [...counts, ...(await measure(fixture, 'ai-search', orders))];
  } finally {
    await fixture.close();
  }
}

function fill({ cosmosDb }: SearchFixture, orders: number): void {
  const documents = cosmosDb.documents(READ_DATABASE, ORDER_SEARCH.name);
  if (documents === undefined) throw new Error('There is no container of orders.');
  for (let order = 0; order < orders; order++) {
    const placedAt = new Date(Date.UTC(2026, 0, 1) + order * 60_000).toISOString();
    const event = orderPlaced({ aggregateId: `order-${order}`, timestamp: placedAt });
    const customerName = `Customer ${SURNAMES[order % SURNAMES.length]}`;
    const published = { ...event.order, customerName, placedAt, items: itemsOf(order) };
    const document = orderSearch.documentOf({ ...event, order: published });
    if (document !== undefined) createDocument(documents.partition(JSON.stringify([document.id])), { ...document });
  }
}

const itemsOf = (order: number) =>
  [order, order + 11, order + 37].map((product, index) => ({
    ...{ line: index + 1, productId: `p${product % 100}`, quantity: 1, price: 100 },
    productName: `${ADJECTIVES[Math.floor(product / 10) % 10]} ${NOUNS[product % 10]}`,
  }));

async function measure(
  { cosmosDb, aiSearch, get }: SearchFixture,
  service: SearchCounts['service'],
  orders: number,
): Promise<readonly SearchCounts[]> {
  const counts: SearchCounts[] = [];
  for (const query of QUERIES) {
    await get(`/orders?${query}`);
    cosmosDb.requests.reset();
    aiSearch?.requests.reset();
    await get(`/orders?${query}`);
    const requests =
      service === 'ai-search' ? aiSearch?.requests.count() : cosmosDb.requests.count({ operation: 'Query' });
    counts.push({
      ...{ orders, query, service, requests: requests ?? 0 },
      requestUnits: Math.round(10 * cosmosDb.requests.requestCharge()) / 10,
    });
  }
  return counts;
}
