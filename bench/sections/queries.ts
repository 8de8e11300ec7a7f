import { CosmosClient } from '@azure/cosmos';
import * as z from 'zod';
import { bundleApp } from '../../scripts/bundle/bundle.ts';
import { ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import { cpuSeconds } from '../cpu-seconds.ts';
import { type Cost, measureCost, range } from '../measuring/drive.ts';
import { alternate, type Effort } from '../measuring/rounds.ts';
import { openProjections, orderEvents } from '../read-side.ts';
import { type Figure, measured, RATIO } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';
import { type BenchAzure, startBenchAzure } from '../system/azure.ts';

const AT_ONCE = 16;
const ORDERS = 100;
/** Rounds until the compiler has optimized the app. */
const WARM_UPS = 4;
/** The folder of the app that does nothing but the read. */
const BARE_OUTDIR = 'dist/bench';

const page = z.object({ id: z.string(), partition: z.string(), orderId: z.string() });

type Read = 'HTTP' | 'bare function' | 'raw';

/** Compares the GET of an order over HTTP with a read of the same document with the SDK, and with a function that does nothing but this read. */
export async function queryFigures(effort: Effort): Promise<readonly Figure[]> {
  const reads = effort.quick ? 240 : 480;
  effort.say('starts the query app, and an app that only reads');
  await bundleApp('queries', 'bench/system/bare-read.ts', BARE_OUTDIR);
  const azure = await startBenchAzure();
  const connection = azure.settings.CosmosConnection ?? '';
  await projectOrders(connection);
  const [queries, bare] = await Promise.all([openApp(azure), openApp(azure, BARE_OUTDIR)]);
  const cosmos = new CosmosClient(connection);
  const container = cosmos.database('orders').container(ORDER_DETAILS.name);
  const { resources } = await container.items.query('SELECT * FROM c').fetchAll();
  const pages = resources.flatMap((document) => page.safeParse(document).data ?? []);
  const chosen = range(reads).flatMap((number) => pages[number % pages.length] ?? []);
  const orderIds = chosen.map(({ orderId }) => orderId);
  const raw = () => measureCost(chosen, AT_ONCE, ({ id, partition }) => container.item(id, partition).read());
  try {
    const samples = await alternate<Read, Cost>(
      new Map([
        ['HTTP', () => queries.measure(orderIds)],
        ['bare function', () => bare.measure(orderIds)],
        ['raw', raw],
      ]),
      effort,
      WARM_UPS,
    );
    return figuresOf(samples);
  } finally {
    cosmos.dispose();
    await Promise.all([queries.stop(), bare.stop()]);
    await azure.close();
  }
}

/** Starts an app that reads orders. */
async function openApp(azure: BenchAzure, outdir?: string) {
  const app = await azure.startApp('queries', outdir === undefined ? {} : { outdir });
  const client = azure.clientOf(app);
  return {
    measure: async (orderIds: readonly string[]): Promise<Cost> => {
      const before = cpuSeconds(app.pid);
      const { perSecond } = await measureCost(orderIds, AT_ONCE, (orderId) => client.get(`/orders/${orderId}`));
      return { perSecond, cpuMs: ((cpuSeconds(app.pid) - before) * 1_000) / orderIds.length };
    },
    stop: () => {
      client.close();
      return app.stop();
    },
  };
}

async function projectOrders(connection: string): Promise<void> {
  const { projections, close } = await openProjections(connection);
  const { registered, placed, confirmed } = await orderEvents(ORDERS, 'queried');
  for (const events of [registered, placed, confirmed]) await projections.get(ORDER_DETAILS.readModel)?.(events);
  close();
}

function figuresOf(samples: (read: Read) => readonly Cost[]): readonly Figure[] {
  const rates = (read: Read) => samples(read).map(({ perSecond }) => perSecond);
  const cpu = (read: Read) => samples(read).map(({ cpuMs }) => cpuMs);
  const relative = (read: Read) => ratiosOf(rates(read), rates('raw'));
  return [
    measured(
      `GET of an order over HTTP, ${AT_ONCE} at once: GETs/s relative to raw point reads`,
      relative('HTTP'),
      RATIO,
      { atLeast: 0.5 },
    ),
    measured(
      'GET from a function that does nothing but the same point read: GETs/s relative to raw point reads',
      relative('bare function'),
      RATIO,
    ),
    measured('raw point reads with the SDK', rates('raw'), 'reads/s'),
    measured('raw point read with the SDK, client', cpu('raw'), 'CPU ms per read'),
    measured('GET of an order over HTTP, query app', cpu('HTTP'), 'CPU ms per GET'),
    measured('GET from a function that does nothing but the same point read', cpu('bare function'), 'CPU ms per GET'),
  ];
}
