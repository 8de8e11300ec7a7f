import * as z from 'zod';
import { APPS, SLICE_MS } from '../../shared/figures/figures.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { readModelName } from '../../shared/read-models/dead-letters.ts';
import type { SyncApp } from '../app.ts';
import type { SyncStall } from '../database/sync-database.ts';
import { countWaiting } from '../dead-letters/stored-dead-letters.ts';
import { partitionOfReadModel, withStall } from '../lag/get-lag.ts';
import type { PartitionLag } from '../lag/lag.ts';
import type { ReadModelProjection } from '../projections/projections.ts';
import { readFigures } from './figures-of-apps.ts';

const count = z.int().min(0);
const percentiles = z
  .strictObject({ p50: z.number(), p95: z.number() })
  .describe('Milliseconds, at most 9 % above the true values. Absent when nothing was measured.');

const historyPoint = z
  .strictObject({
    at: z.iso.datetime().describe('Beginning of the ten seconds.'),
    commands: z
      .strictObject({ accepted: count, replayed: count, rejected: count, failed: count })
      .describe('Commands by outcome: a rejected one was refused with a 4xx, a failed one with a 5xx.'),
    commandMs: percentiles.exactOptional(),
    queries: count.describe('Requests to the query app.'),
    queryMs: percentiles.exactOptional(),
    projected: z.record(z.string(), count).describe('Live events by the read model that they were projected into.'),
    syncMs: percentiles.exactOptional().describe('From an event to the write of its document, in all read models.'),
    pushed: count.describe('Changes of orders that were pushed to clients.'),
  })
  .meta({ id: 'HistoryPoint' });

const overview = z
  .strictObject({
    asOf: z.iso.datetime(),
    apps: z.array(
      z.strictObject({
        app: z.enum(APPS),
        instances: count.describe('Instances that run: each writes its figures at least twice a minute.'),
        lastSeen: z.iso.datetime().exactOptional().describe('Absent when no instance ran in the last ten minutes.'),
      }),
    ),
    dependencies: z
      .array(z.strictObject({ dependency: z.enum(['cosmos-db', 'event-hubs', 'sql']), status: z.enum(['up', 'down']) }))
      .describe('Whether the sync app could read from them for this response.'),
    stepSeconds: z.int().describe('Length of the steps of `history`.'),
    history: z
      .array(historyPoint)
      .exactOptional()
      .describe('The last ten minutes, the oldest first: the sums of all instances of the apps.'),
    readModels: z
      .array(
        z.strictObject({
          readModel: readModelName,
          lagMs: z.number().describe('Age of the oldest unprojected event in milliseconds; 0 when there is none.'),
          behind: count.describe('Number of unprojected events.'),
          stalled: z.strictObject({ since: z.iso.datetime(), reason: z.string() }).exactOptional(),
          projectionVersion: z
            .int()
            .describe('Version of the projection in this app. Documents of an older version are rebuilt by a replay.'),
          partitions: z.array(partitionOfReadModel),
        }),
      )
      .exactOptional()
      .describe('The largest lag of the partitions, and the sum of the events.'),
    outbox: z
      .strictObject({
        oldestMs: z
          .number()
          .describe('Age of the oldest event that is committed but not published; 0 when there is none.'),
        events: count,
        held: count.describe('Events that are set aside because the hub refuses them, and those that wait for them.'),
        asOf: z.iso.datetime().describe('When the relay, which looks every ten seconds, last reported it.'),
      })
      .exactOptional(),
    deadLetters: z.strictObject({ waiting: count }).exactOptional(),
  })
  .describe('A part that cannot be read at the moment is absent.')
  .meta({ id: 'Overview' });

const operation: Operation = {
  name: 'getOverview',
  method: 'GET',
  route: 'admin/overview',
  summary:
    'Gets the state of the whole system at a glance: rates, durations, lags, outbox, dead letters and dependencies. The figures of all instances of an app are added up.',
  roles: ['admin'],
  answers: { 200: { description: 'The overview.', schema: overview } },
  problems: [],
};

export function getOverview(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, operation, async () => ({
    jsonBody: await readOverview(app),
    headers: { 'cache-control': 'no-store' },
  }));
}

type ReadModel = NonNullable<z.output<typeof overview>['readModels']>[number];

async function readOverview(app: SyncApp): Promise<z.output<typeof overview>> {
  const now = app.runtime.now();
  const [figures, waiting, lags, stalls] = await Promise.allSettled([
    readFigures(app.database, now),
    countWaiting(app),
    app.readLag(),
    app.writeDatabase().then((database) => database.readStalls()),
  ]);
  const known = readOf(figures);
  const partitions = readOf(lags);
  const waitingLetters = readOf(waiting);
  return {
    asOf: new Date(now).toISOString(),
    apps: [...(known?.apps ?? APPS.map((name) => ({ app: name, instances: 0 })))],
    dependencies: [
      { dependency: 'cosmos-db', status: statusOf(figures) },
      { dependency: 'event-hubs', status: statusOf(lags) },
      { dependency: 'sql', status: statusOf(stalls) },
    ],
    stepSeconds: SLICE_MS / 1000,
    ...(known !== undefined && { history: [...known.history] }),
    ...(partitions !== undefined && {
      readModels: app.projections.map((readModel) => readModelOf(readModel, partitions, readOf(stalls) ?? [])),
    }),
    ...(known?.outbox !== undefined && { outbox: known.outbox }),
    ...(waitingLetters !== undefined && { deadLetters: { waiting: waitingLetters } }),
  };
}

const readOf = <Value>(result: PromiseSettledResult<Value>): Value | undefined =>
  result.status === 'fulfilled' ? result.value : undefined;

const statusOf = ({ status }: PromiseSettledResult<unknown>) => (status === 'fulfilled' ? 'up' : 'down');

/** A read model with its lag in all partitions, and its earliest stall. */
function readModelOf(
  { projection }: ReadModelProjection,
  lags: readonly PartitionLag[],
  stalls: readonly SyncStall[],
): ReadModel {
  const { readModel } = projection.container;
  const partitions = lags
    .filter((lag) => lag.readModel === readModel)
    .map((lag) => {
      const { readModel: _, ...partition } = withStall(lag, stalls);
      return partition;
    });
  const [stalled] = partitions
    .flatMap((partition) => partition.stalled ?? [])
    .toSorted((a, b) => a.since.localeCompare(b.since));
  return {
    readModel,
    lagMs: Math.max(0, ...partitions.map(({ lagMs }) => lagMs)),
    behind: partitions.reduce((sum, { behind }) => sum + behind, 0),
    ...(stalled !== undefined && { stalled }),
    projectionVersion: projection.version,
    partitions,
  };
}
