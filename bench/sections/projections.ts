import { randomUUID } from 'node:crypto';
import { READ_MODELS } from '../../src/shared/event-hubs/hub.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { forkStandIn } from '../../test/support/fork-stand-in.ts';
import { cpuMsSince } from '../measuring/drive.ts';
import { alternate, type Effort } from '../measuring/rounds.ts';
import { LIFE, openProjections, orderEvents } from '../read-side.ts';
import { type Figure, measured, RATIO } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';
import { constantRateFigures } from './constant-rate.ts';

type Project = (events: readonly EventEnvelope[]) => Promise<unknown>;

const BATCH = 100;
/** Orders whose events are projected one by one. */
const ALONE = 25;
/** The read model whose batches are compared with single events. */
const COMPARED = 'order_details';
const SINGLE = 'single events';

/** Measures projections in full batches, and at a constant rate of orders. */
export async function projectionFigures(effort: Effort): Promise<readonly Figure[]> {
  return [...(await batchFigures(effort)), ...(await constantRateFigures(effort))];
}

/** Projects all events of orders, a batch for each event type. The stand-in is in another process. */
async function batchFigures(effort: Effort): Promise<readonly Figure[]> {
  const cosmosDb = forkStandIn('cosmos-db', { port: 0 });
  const { projections, close } = await openProjections(await cosmosDb.ready);
  try {
    const rounds = (await alternate(new Map([['all', () => costsOfRound(projections)]]), effort))('all');
    return figuresOf((name) => rounds.map((costs) => costs.get(name) ?? Number.NaN));
  } finally {
    close();
    await cosmosDb.kill();
  }
}

/** CPU milliseconds per event, by read model, and of single events (`SINGLE`). */
async function costsOfRound(projections: ReadonlyMap<string, Project>): Promise<ReadonlyMap<string, number>> {
  const many = await orderEvents(BATCH, randomUUID());
  const few = await orderEvents(ALONE, randomUUID());
  const batches = LIFE.map((event) => many[event]);
  const costs = new Map<string, number>();
  for (const [readModel, project] of projections) {
    await project(many.registered);
    costs.set(readModel, await costPerEvent(project, batches));
    if (readModel !== COMPARED) continue;
    await project(few.registered);
    const singleEvents = LIFE.flatMap((event) => few[event].map((one) => [one]));
    costs.set(SINGLE, await costPerEvent(project, singleEvents));
  }
  return costs;
}

async function costPerEvent(project: Project, batches: readonly (readonly EventEnvelope[])[]): Promise<number> {
  const before = process.cpuUsage();
  for (const batch of batches) await project(batch);
  return cpuMsSince(before) / batches.flat().length;
}

/** @param samples by read model, or of `SINGLE`: CPU milliseconds per event, one number per round */
function figuresOf(samples: (name: string) => readonly number[]): readonly Figure[] {
  const byReadModel = READ_MODELS.map(samples);
  const means = samples(COMPARED).map((_, round) => mean(byReadModel.map((values) => values[round] ?? Number.NaN)));
  const what = `event in a batch of ${BATCH}`;
  return [
    measured(`${what}, mean of ${READ_MODELS.length} read models`, means, 'CPU ms per event', { atMost: 0.3 }),
    ...READ_MODELS.map((readModel) => measured(`${what}, ${readModel}`, samples(readModel), 'CPU ms per event')),
    measured(
      `${what}, ${COMPARED}, CPU time relative to a single event`,
      ratiosOf(samples(COMPARED), samples(SINGLE)),
      RATIO,
    ),
  ];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
