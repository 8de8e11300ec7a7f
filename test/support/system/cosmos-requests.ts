import type { RequestLog } from '../../../local/cosmos-db/request-log.ts';

/** The levels that the query app asks for. The sync app asks for none, and its projections and timers may read at the same time. */
const LEVELS = ['Session', 'Strong'];

/** Number and request charge of point reads and queries of the query app, which is what GETs cost. */
export function readsOf(requests: RequestLog): { readonly requests: number; readonly requestCharge: number } {
  const operations = ['Read', 'Query'] as const;
  const reads = operations.flatMap((operation) => LEVELS.map((consistency) => ({ operation, consistency })));
  return {
    requests: reads.reduce((sum, read) => sum + requests.count(read), 0),
    requestCharge: reads.reduce((sum, read) => sum + requests.requestCharge(read), 0),
  };
}
