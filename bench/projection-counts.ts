import { openReadSide, orderEvents } from './read-side.ts';

export interface ProjectionCounts {
  readonly readModel: string;
  readonly orders: 'new' | 'known';
  readonly events: number;
  /** HTTP requests to Cosmos DB for the whole batch. */
  readonly requests: number;
  /** Reads and writes of single documents in these requests. */
  readonly operations: number;
  /** Estimated by the stand-in. */
  readonly requestUnits: number;
}

/**
 * Measures the cost of one batch of events per read model: for new orders, each with its own customer, and for later events of the same orders.
 * @param partitions physical partitions of each container
 */
export async function countProjections(batchSize: number, partitions = 1): Promise<readonly ProjectionCounts[]> {
  const events = await orderEvents(batchSize, 'counted');
  const { projections, requests, close } = await openReadSide(partitions);
  const counts: ProjectionCounts[] = [];
  for (const [readModel, project] of projections) {
    const first = events.for(readModel);
    const later = first.map((event) => ({ ...event, version: event.version + 1 }));
    for (const orders of ['new', 'known'] as const) {
      requests.reset();
      await project(orders === 'new' ? first : later);
      counts.push({
        readModel,
        orders,
        events: batchSize,
        requests: requests.count(),
        operations: requests.operations(),
        requestUnits: requests.requestCharge(),
      });
    }
  }
  await close();
  return counts;
}
