import type { FeedOptions } from '@azure/cosmos';

/** More results than any list has: a year of daily sales has about 3,000 totals per currency. A page has at most 4 MB in any case. */
export const MAX_FOUND = 10_000;

/**
 * The options of a query that names no partition key: one request to each physical partition that can have results. Without them, the client
 * first sends the query as it is, and the gateway refuses it: https://learn.microsoft.com/rest/api/cosmos-db/querying-cosmosdb-resources-using-the-rest-api
 * @param maxItemCount results per page. Never -1, with which the client would wait forever.
 */
export function acrossPartitions(maxItemCount: number): FeedOptions {
  return { forceQueryPlan: true, maxItemCount };
}
