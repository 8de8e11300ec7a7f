import * as z from 'zod';
import { READ_MODELS } from '../../shared/event-hubs/hub.ts';
import { MAX_ACCEPTED_AGE_MS } from '../../shared/http/accepted-age.ts';
import type { Heartbeat } from '../../shared/write-database/heartbeat.ts';
import type { SyncApp } from '../app.ts';
import { isReplayOf, REPLAYABLE } from './replay.ts';

/** Request units of Cosmos DB per event. */
interface Cost {
  /** Where the read model's documents are up to date, so that nothing is written. */
  readonly upToDate: number;
  /** Where they are rebuilt, after a change of the projection or a loss. */
  readonly rebuilt: number;
}

/** Counted for batches of 100 events of orders, as a replay has them; see `countReplay` in bench/. */
export const REPLAY_COSTS: Readonly<Record<string, Cost>> = {
  order_details: { upToDate: 3.1, rebuilt: 8.5 },
  customer_orders: { upToDate: 2.1, rebuilt: 7.5 },
  order_search: { upToDate: 2, rebuilt: 7 },
  shipping_board: { upToDate: 2, rebuilt: 7 },
  sales_daily: { upToDate: 2, rebuilt: 7.5 },
  sales_live: { upToDate: 1, rebuilt: 6 },
  catalogue: { upToDate: 5, rebuilt: 31 },
};

/** A read model whose cost has not been counted. */
const UNCOUNTED: Cost = { upToDate: 2, rebuilt: 14 };

const requestUnits = z.int().nonnegative();

export const replayEstimate = z
  .strictObject({
    events: z.int().nonnegative().describe('Number of events to replay; estimated if there are more than 100,000.'),
    readModels: z.array(
      z.strictObject({
        readModel: z.enum(REPLAYABLE).describe('What is replayed: a read model, or `all`.'),
        requestUnits: z.strictObject({
          upToDate: requestUnits.describe('If all documents are up to date.'),
          rebuilt: requestUnits.describe('If all documents are rebuilt.'),
        }),
      }),
    ),
  })
  .describe(
    'What a replay would cost in request units of Cosmos DB, in total: the number of events times the counted cost of an event. The cost of your events may differ.',
  )
  .meta({ id: 'ReplayEstimate' });

/** Multiplies the counted cost of an event. */
export function estimateReplay(events: number): z.output<typeof replayEstimate> {
  const costOf = (requested: string, kind: keyof Cost) =>
    READ_MODELS.filter((readModel) => isReplayOf(requested, readModel))
      .map((readModel) => (REPLAY_COSTS[readModel] ?? UNCOUNTED)[kind])
      .reduce((sum, cost) => sum + cost, 0);
  return {
    events,
    readModels: REPLAYABLE.map((readModel) => ({
      readModel,
      requestUnits: {
        upToDate: Math.round(events * costOf(readModel, 'upToDate')),
        rebuilt: Math.round(events * costOf(readModel, 'rebuilt')),
      },
    })),
  };
}

/**
 * Counts the events that a replay from a time (ISO 8601 UTC) would publish, or all. The replica may count: a replay corrects its number
 * while it runs. Rejects with the faults of the database.
 */
export async function countEvents({ logReads }: Pick<SyncApp, 'logReads'>, from: string | undefined): Promise<number> {
  const isTaken = (_: unknown, { ageMs }: Heartbeat) => ageMs <= MAX_ACCEPTED_AGE_MS;
  return (await logReads.read(({ log }) => log.count(from), isTaken)).answer.events;
}
