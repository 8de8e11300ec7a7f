import type { RequestLog } from '../../../local/cosmos-db/request-log.ts';
import { CONTAINERS, REPLAYS } from '../../../src/shared/read-models/containers.ts';

/**
 * Point reads and queries: what GETs cost. The projections, which may still be at work, use bulks and batches alone; the timer
 * that looks for replays queries their container.
 */
export function readsOf(requests: RequestLog): { readonly requests: number; readonly requestCharge: number } {
  const operations = ['Read', 'Query'] as const;
  const reads = CONTAINERS.filter((container) => container !== REPLAYS).flatMap(({ name: container }) =>
    operations.map((operation) => ({ container, operation })),
  );
  return {
    requests: reads.reduce((sum, read) => sum + requests.count(read), 0),
    requestCharge: reads.reduce((sum, read) => sum + requests.requestCharge(read), 0),
  };
}
