import { confirmedOrders, openReadSide } from './read-side.ts';

export interface ProjectionCounts {
  readonly readModel: string;
  readonly orders: 'new' | 'known';
  readonly events: number;
  /** HTTP requests to Cosmos DB for the whole batch. */
  readonly requests: number;
  /** Reads and writes of single documents in them. */
  readonly operations: number;
  /** As the stand-in estimates them. */
  readonly requestUnits: number;
}

/** Counts what one batch of events costs each read model: of orders that it does not know, each of its own customer; and of the same orders later. */
export async function countProjections(batchSize: number): Promise<readonly ProjectionCounts[]> {
  const first = await confirmedOrders(batchSize, 'counted');
  const later = first.map((event) => ({ ...event, version: event.version + 1 }));
  const { projections, requests, close } = await openReadSide();
  const counts: ProjectionCounts[] = [];
  for (const [readModel, project] of projections) {
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
