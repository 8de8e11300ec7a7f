import type { RequestLog } from '../../local/cosmos-db/request-log.ts';

/** Point reads and queries: what GETs cost. The projections, which may still be at work, use bulks and batches alone. */
export function readsOf(requests: RequestLog): { readonly requests: number; readonly requestCharge: number } {
  const operations = ['Read', 'Query'] as const;
  return {
    requests: operations.reduce((sum, operation) => sum + requests.count({ operation }), 0),
    requestCharge: operations.reduce((sum, operation) => sum + requests.requestCharge({ operation }), 0),
  };
}
