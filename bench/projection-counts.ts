import { LIFE, openReadSide, orderEvents, type ReadSideOptions } from './read-side.ts';

export interface ProjectionCounts {
  readonly readModel: string;
  /** What happened to the orders. */
  readonly event: (typeof LIFE)[number];
  readonly events: number;
  /** HTTP requests to Cosmos DB for the whole batch. */
  readonly requests: number;
  /** Reads and writes of single documents in these requests. */
  readonly operations: number;
  /** Estimated by the stand-in. */
  readonly requestUnits: number;
}

/**
 * Measures the cost of the life of new orders per read model, each with its own customer: one batch of events for each thing that happens to
 * them. The customers' registrations have been projected before.
 * @param options see `openReadSide`
 */
export async function countProjections(
  batchSize: number,
  options: ReadSideOptions = {},
): Promise<readonly ProjectionCounts[]> {
  const orders = await orderEvents(batchSize, 'counted');
  const { projections, requests, close } = await openReadSide(options);
  const counts: ProjectionCounts[] = [];
  for (const [readModel, project] of projections) {
    await project(orders.registered);
    for (const event of LIFE) {
      requests.reset();
      await project(orders[event]);
      counts.push({
        readModel,
        event,
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

/** The request units of the life of one order, per read model: the sum over its events. */
export function costsOfLife(counts: readonly ProjectionCounts[]): ReadonlyMap<string, number> {
  const costs = new Map<string, number>();
  for (const { readModel, requestUnits, events } of counts) {
    costs.set(readModel, (costs.get(readModel) ?? 0) + requestUnits / events);
  }
  return costs;
}
