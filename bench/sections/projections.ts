import { randomUUID } from 'node:crypto';
import { READ_MODELS } from '../../src/shared/event-hubs/hub.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { cpuMsSince } from '../measuring/drive.ts';
import { alternate, type Effort } from '../measuring/rounds.ts';
import { LIFE, openProjections, orderEvents } from '../read-side.ts';
import { type Figure, measured, RATIO } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';
import { startStandIn } from '../system/stand-in.ts';
import { steadyFigures } from './steady-load.ts';

type Project = (events: readonly EventEnvelope[]) => Promise<unknown>;

const BATCH = 100;
/** The read model whose batches are compared with single events. */
const COMPARED = 'order_details';

/** Measures the projections in full batches, and under a steady load. */
export async function projectionFigures(effort: Effort): Promise<readonly Figure[]> {
  return [...(await batchFigures(effort)), ...(await steadyFigures(effort))];
}

/** Projects whole lives of orders, each kind of event in a batch of its own, with the stand-in in another process. */
export async function batchFigures(effort: Effort): Promise<readonly Figure[]> {
  const cosmosDb = await startStandIn('cosmos-db');
  const { projections, close } = await openProjections(cosmosDb.connectionString);
  const perEvent = async (project: Project, batchSize: number): Promise<number> => {
    const events = await orderEvents(batchSize === 1 ? BATCH / 4 : BATCH, randomUUID());
    await project(events.registered);
    const batches = LIFE.flatMap((event) => inBatches(events[event], batchSize));
    const before = process.cpuUsage();
    for (const batch of batches) await project(batch);
    return cpuMsSince(before) / batches.flat().length;
  };
  const alternatives = new Map<string, () => Promise<number>>();
  for (const [readModel, project] of projections) {
    alternatives.set(readModel, () => perEvent(project, BATCH));
    if (readModel === COMPARED) alternatives.set('one by one', () => perEvent(project, 1));
  }
  try {
    const samples = await alternate(alternatives, effort);
    const byReadModel = READ_MODELS.map(samples);
    const means = samples(COMPARED).map((_, round) => mean(byReadModel.map((values) => values[round] ?? Number.NaN)));
    return [
      measured(`an event in a batch of ${BATCH}, mean of ${READ_MODELS.length} read models`, means, 'CPU ms', {
        atMost: 0.3,
      }),
      ...READ_MODELS.map((readModel) => measured(`an event in ${readModel}`, samples(readModel), 'CPU ms')),
      measured(
        `an event of a batch of ${BATCH} : an event alone, in ${COMPARED}`,
        ratiosOf(samples(COMPARED), samples('one by one')),
        RATIO,
      ),
    ];
  } finally {
    close();
    await cosmosDb.stop();
  }
}

function inBatches<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
