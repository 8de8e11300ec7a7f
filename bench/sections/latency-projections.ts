import { randomUUID } from 'node:crypto';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { forkStandIn } from '../../test/support/fork-stand-in.ts';
import { CLOUD_LATENCY } from '../measuring/cloud-latency.ts';
import { startLatencyProxy } from '../measuring/latency-proxy.ts';
import { alternate, type Effort } from '../measuring/rounds.ts';
import { openProjections, orderEvents } from '../read-side.ts';
import { type Figure, measured, RATIO } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';

const { cosmosDbMs } = CLOUD_LATENCY;
const EVENTS = 50;
const READ_MODEL = 'order_details';

/** Compares a batch of events with the same number of single events while each request to Cosmos DB takes as long as in the cloud. */
export async function batchFigures(effort: Effort): Promise<readonly Figure[]> {
  const cosmosDb = forkStandIn('cosmos-db', { port: 0 });
  const connectionString = await cosmosDb.ready;
  const port = Number(/localhost:(\d+)/.exec(connectionString)?.[1]);
  const proxy = await startLatencyProxy(port, cosmosDbMs);
  const { projections, close } = await openProjections(connectionString.replace(`:${port}`, `:${proxy.port}`));
  const project = projections.get(READ_MODEL);
  if (project === undefined) throw new Error(`There is no projection of ${READ_MODEL}.`);
  const rate = async (work: (events: readonly EventEnvelope[]) => Promise<unknown>) => {
    const { confirmed } = await orderEvents(EVENTS, randomUUID());
    const startedAt = performance.now();
    await work(confirmed);
    return (EVENTS * 1_000) / (performance.now() - startedAt);
  };
  try {
    const samples = await alternate(
      new Map([
        ['batch', () => rate(project)],
        [
          'single',
          () =>
            rate(async (events) => {
              for (const event of events) await project([event]);
            }),
        ],
      ]),
      effort,
    );
    return [
      measured(
        `Cosmos DB ${cosmosDbMs} ms: events/s in a batch of ${EVENTS} relative to one by one`,
        ratiosOf(samples('batch'), samples('single')),
        RATIO,
      ),
    ];
  } finally {
    close();
    proxy.close();
    await cosmosDb.kill();
  }
}
