import type { RequestLog } from '../../../local/cosmos-db/request-log.ts';
import {
  APP_FIGURES,
  CONTAINERS,
  DEAD_LETTERS,
  REPLAYS,
  WEBHOOK_DELIVERIES,
} from '../../../src/shared/read-models/containers.ts';

const POLLED = [REPLAYS, WEBHOOK_DELIVERIES, APP_FIGURES, DEAD_LETTERS];

/**
 * Number and request charge of point reads and queries, which is what GETs cost. Projections, which may still be running, use
 * only bulk and batch operations. The containers that timers poll are excluded.
 */
export function readsOf(requests: RequestLog): { readonly requests: number; readonly requestCharge: number } {
  const operations = ['Read', 'Query'] as const;
  const reads = CONTAINERS.filter((container) => !POLLED.includes(container)).flatMap(({ name: container }) =>
    operations.map((operation) => ({ container, operation })),
  );
  return {
    requests: reads.reduce((sum, read) => sum + requests.count(read), 0),
    requestCharge: reads.reduce((sum, read) => sum + requests.requestCharge(read), 0),
  };
}
