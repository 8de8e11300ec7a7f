import { randomUUID } from 'node:crypto';
import { READ_MODELS } from '../../src/shared/event-hubs/hub.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { cpuMsSince } from '../measuring/drive.ts';
import { alternate, type Effort } from '../measuring/rounds.ts';
import { LIFE, openProjections, orderEvents } from '../read-side.ts';
import { type Figure, measured, RATIO } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';
import { startCosmosDbProcess } from '../system/cosmos-db-process.ts';
import { constantRateFigures } from './constant-rate.ts';

type Project = (events: readonly EventEnvelope[]) => Promise<unknown>;

const BATCH = 100;
/** Orders whose events are projected one by one. */
const ALONE = 25;
/** The read model whose batches are compared with single events. */
const COMPARED = 'order_details';

/** Measures projections in full batches, and at a constant rate of orders. */
export async function projectionFigures(effort: Effort): Promise<readonly Figure[]> {
  return [...(await batchFigures(effort)), ...(await constantRateFigures(effort))];
}

/** Projects whole lives of orders, each kind of event in a batch of its own, with the stand-in in another process. */
export async function batchFigures(effort: Effort): Promise<readonly Figure[]> {
  const cosmosDb = await startCosmosDbProcess();
  const { projections, close } = await openProjections(cosmosDb.connectionString);
  const perEvent = async (project: Project, batches: readonly (readonly EventEnvelope[])[]): Promise<number> => {
    const before = process.cpuUsage();
    for (const batch of batches) await project(batch);
    return cpuMsSince(before) / batches.flat().length;
  };
  const round = async (): Promise<ReadonlyMap<string, number>> => {
    const [many, few] = [await orderEvents(BATCH, randomUUID()), await orderEvents(ALONE, randomUUID())];
    const costs = new Map<string, number>();
    for (const [readModel, project] of projections) {
      await project(many.registered);
      costs.set(
        readModel,
        await perEvent(
          project,
          LIFE.map((event) => many[event]),
        ),
      );
      if (readModel !== COMPARED) continue;
      await project(few.registered);
      const alone = LIFE.flatMap((event) => few[event].map((one) => [one]));
      costs.set('alone', await perEvent(project, alone));
    }
    return costs;
  };
  try {
    const rounds = (await alternate(new Map([['all', round]]), effort))('all');
    const samples = (name: string) => rounds.map((costs) => costs.get(name) ?? Number.NaN);
    const byReadModel = READ_MODELS.map(samples);
    const means = samples(COMPARED).map((_, round) => mean(byReadModel.map((values) => values[round] ?? Number.NaN)));
    return [
      measured(`event in a batch of ${BATCH}, mean of ${READ_MODELS.length} read models`, means, 'CPU ms per event', {
        atMost: 0.3,
      }),
      ...READ_MODELS.map((readModel) => measured(`event in a batch of ${BATCH}, ${readModel}`, samples(readModel), 'CPU ms per event')),
      measured(
        `event in a batch of ${BATCH}, ${COMPARED}, CPU time relative to a single event`,
        ratiosOf(samples(COMPARED), samples('alone')),
        RATIO,
      ),
    ];
  } finally {
    close();
    await cosmosDb.stop();
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
