import { openMeasuredQueries } from '../test/support/queries/measured-queries.ts';

/** The cost of a query. */
export interface QueryCounts {
  readonly query: string;
  /** HTTP requests to Cosmos DB. */
  readonly requests: number;
  /** Estimated by the stand-in. */
  readonly requestUnits: number;
}

const QUERIES = [
  '/orders/{orderId}',
  '/orders/{orderId}?include=history,tracking',
  '/customers/{customerId}/orders',
  '/customers/{customerId}/summary',
  '/customers/{customerId}',
  '/customers?q=ada',
  '/products/{productId}',
  '/products?q=lamp',
  '/orders?q=lamp',
  '/shipments?status=confirmed',
  '/analytics/daily?from={today}&to={today}',
  '/analytics/live?minutes=60',
];

/** Counts what each GET costs in a shop of one customer with twenty orders. Nothing else uses the stand-in for Cosmos DB. */
export async function countQueries(): Promise<readonly QueryCounts[]> {
  const queries = await openMeasuredQueries();
  try {
    const counts: QueryCounts[] = [];
    for (const query of QUERIES) {
      const { status, requests, requestUnits } = await queries.measure(`GET ${query}`);
      if (status !== 200) throw new Error(`GET ${query} was answered with ${status}.`);
      counts.push({ query, requests, requestUnits });
    }
    return counts;
  } finally {
    await queries.close();
  }
}
