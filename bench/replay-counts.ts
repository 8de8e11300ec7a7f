import { SHIPPING_BOARD } from '../src/shared/read-models/containers.ts';
import { openReadSide, orderEvents } from './read-side.ts';

/** HTTP requests to Cosmos DB for a whole batch, and request units per event, estimated by the stand-in. */
interface Cost {
  readonly requests: number;
  readonly requestUnitsPerEvent: number;
}

/** The cost of replayed events in a read model. */
export interface ReplayCounts {
  readonly readModel: string;
  readonly events: number;
  /** When every document is up to date. */
  readonly upToDate: Cost;
  /** When the projection has a new version. */
  readonly rebuilt: Cost;
}

/** Measures the cost of a batch of replayed events per read model, each of which has created a document. */
export async function countReplay(batchSize: number): Promise<readonly ReplayCounts[]> {
  const orders = await orderEvents(batchSize, 'replayed');
  const { projections, replays, nextReplays, requests, close } = await openReadSide();
  const costOf = async (run: () => Promise<unknown> | undefined): Promise<Cost> => {
    requests.reset();
    await run();
    const requestUnitsPerEvent = Math.round((requests.requestCharge() / batchSize) * 10) / 10;
    return { requests: requests.count(), requestUnitsPerEvent };
  };
  const counts: ReplayCounts[] = [];
  for (const [readModel, project] of projections) {
    const events = readModel === SHIPPING_BOARD.readModel ? orders.confirmed : orders.placed;
    await project(events);
    const upToDate = await costOf(() => replays.get(readModel)?.(events));
    const rebuilt = await costOf(() => nextReplays.get(readModel)?.(events));
    counts.push({ readModel, events: batchSize, upToDate, rebuilt });
  }
  await close();
  return counts;
}
