import { LIFE, openReadSide, orderEvents, type ReadSideOptions } from './read-side.ts';

/** The cost of a batch of events in a read model. */
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
 * Measures the cost of the events of new orders per read model, one batch per event type. Each order has its own customer, whose
 * registration has been projected before.
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

/** Sums the request units of all events of one order, per read model. */
export function costsOfLife(counts: readonly ProjectionCounts[]): ReadonlyMap<string, number> {
  const costs = new Map<string, number>();
  for (const { readModel, requestUnits, events } of counts) {
    costs.set(readModel, (costs.get(readModel) ?? 0) + requestUnits / events);
  }
  return costs;
}
