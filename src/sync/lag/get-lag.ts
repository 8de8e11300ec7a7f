import * as z from 'zod';
import { READ_MODELS } from '../../shared/event-hubs/hub.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { unavailable } from '../../shared/http/problem.ts';
import type { SyncApp } from '../app.ts';
import type { SyncStall } from '../database/sync-database.ts';
import type { PartitionLag } from './lag.ts';

const partitionLag = z.strictObject({
  partition: z.string(),
  lagMs: z.number().describe('Age of the oldest unprojected event in milliseconds; 0 when there is none.'),
  behind: z.int().describe('Number of unprojected events.'),
  stalled: z
    .strictObject({ since: z.iso.datetime(), reason: z.string() })
    .exactOptional()
    .describe(
      'Present while the partition makes no progress: batches fail (since when, and why the last attempt failed), or its checkpoint is of another hub.',
    ),
});

const lag = partitionLag.extend({ readModel: z.string() }).meta({ id: 'Lag' });

/** The lag of a read model in one partition, where the read model is known. */
export const partitionOfReadModel = partitionLag.meta({ id: 'PartitionLag' });

const operation: Operation = {
  name: 'getLag',
  method: 'GET',
  route: 'admin/lag',
  summary: 'Gets the lag of each read model, per partition of the event hub.',
  roles: ['admin'],
  answers: {
    200: { description: 'One item per read model and partition.', schema: z.strictObject({ items: z.array(lag) }) },
  },
  problems: [],
};

export function getLag(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, operation, async () => {
    const notRead = unavailable('The lag cannot be read at the moment: try again.');
    const [lags, stalls] = await Promise.all([app.readLag(), readStalls(app)]).catch(notRead);
    const items = lags.map((lag) => withStall(lag, stalls)).filter(isShown);
    return { jsonBody: { items }, headers: { 'cache-control': 'no-store' } };
  });
}

const readStalls = async ({ writeDatabase }: SyncApp) => (await writeDatabase()).readStalls();

type Item = z.output<typeof lag>;

/** A partition with the stall of its live events, or else of a replay. */
export function withStall(
  { readModel, partition, lagMs, behind, stalled }: PartitionLag,
  stalls: readonly SyncStall[],
): Item {
  const item = { readModel, partition, lagMs, behind };
  if (stalled !== undefined) return { ...item, stalled };
  const own = stalls.filter(({ consumer }) => consumer === readModel);
  const live = own.find((stall) => stall.partition === partition);
  if (live !== undefined) return { ...item, stalled: { since: live.since, reason: live.reason } };
  const replay = own.find((stall) => stall.partition === `replay/${partition}`);
  return replay === undefined
    ? item
    : { ...item, stalled: { since: replay.since, reason: `Replay: ${replay.reason}` } };
}

/** Pushing and webhooks are not read models: they are listed only while they are stalled. */
const isShown = ({ readModel, stalled }: Item): boolean => READ_MODELS.includes(readModel) || stalled !== undefined;
