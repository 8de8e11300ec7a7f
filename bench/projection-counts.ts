import { confirmedOrders, openReadSide } from './read-side.ts';

export interface ProjectionCounts {
  readonly readModel: string;
  readonly events: number;
  /** HTTP requests to Cosmos DB for the whole batch. */
  readonly requests: number;
  /** Reads and writes of single documents in them. */
  readonly operations: number;
  /** As the stand-in estimates them. */
  readonly requestUnits: number;
}

/** Counts what bringing each read model, empty before, up to date with one batch of orders costs. */
export async function countProjections(batchSize: number): Promise<readonly ProjectionCounts[]> {
  const events = await confirmedOrders(batchSize, 'counted');
  const { projections, requests, close } = await openReadSide();
  const counts: ProjectionCounts[] = [];
  for (const [readModel, project] of projections) {
    requests.reset();
    await project(events);
    counts.push({
      readModel,
      events: batchSize,
      requests: requests.count(),
      operations: requests.operations(),
      requestUnits: requests.requestCharge(),
    });
  }
  await close();
  return counts;
}
