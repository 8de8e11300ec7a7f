import { CosmosClient } from '@azure/cosmos';
import * as z from 'zod';
import { ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import { cpuSeconds } from '../cpu-seconds.ts';
import { type Cost, measureCost, range } from '../measuring/drive.ts';
import { alternate, type Effort } from '../measuring/rounds.ts';
import { openProjections, orderEvents } from '../read-side.ts';
import { type Figure, measured, RATIO } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';
import { startBenchAzure } from '../system/azure.ts';

const AT_ONCE = 16;
const ORDERS = 100;
/** Rounds until the compiler has optimized the app. */
const WARM_UPS = 4;

const page = z.object({ id: z.string(), partition: z.string(), orderId: z.string() });

/** Compares the GET of an order over HTTP with a read of the same document with the SDK. */
export async function queryFigures(effort: Effort): Promise<readonly Figure[]> {
  const reads = effort.quick ? 240 : 480;
  effort.say('starts the query app');
  const azure = await startBenchAzure();
  const connection = azure.settings.CosmosConnection ?? '';
  await projectOrders(connection);
  const app = await azure.startApp('queries');
  const client = azure.clientOf(app);
  const cosmos = new CosmosClient(connection);
  const container = cosmos.database('orders').container(ORDER_DETAILS.name);
  const { resources } = await container.items.query('SELECT * FROM c').fetchAll();
  const pages = resources.flatMap((document) => page.safeParse(document).data ?? []);
  const chosen = range(reads).flatMap((number) => pages[number % pages.length] ?? []);
  const overHttp = async (): Promise<Cost> => {
    const before = cpuSeconds(app.pid);
    const { perSecond } = await measureCost(chosen, AT_ONCE, ({ orderId }) => client.get(`/orders/${orderId}`));
    return { perSecond, cpuMs: ((cpuSeconds(app.pid) - before) * 1_000) / reads };
  };
  const raw = () => measureCost(chosen, AT_ONCE, ({ id, partition }) => container.item(id, partition).read());
  try {
    const samples = await alternate(
      new Map([
        ['HTTP', overHttp],
        ['raw', raw],
      ]),
      effort,
      WARM_UPS,
    );
    return figuresOf(samples);
  } finally {
    client.close();
    cosmos.dispose();
    await app.stop();
    await azure.close();
  }
}

async function projectOrders(connection: string): Promise<void> {
  const { projections, close } = await openProjections(connection);
  const { registered, placed, confirmed } = await orderEvents(ORDERS, 'queried');
  for (const events of [registered, placed, confirmed]) await projections.get(ORDER_DETAILS.readModel)?.(events);
  close();
}

function figuresOf(samples: (name: string) => readonly Cost[]): readonly Figure[] {
  const rates = (name: string) => samples(name).map(({ perSecond }) => perSecond);
  const cpu = (name: string) => samples(name).map(({ cpuMs }) => cpuMs);
  return [
    measured(
      `GET of an order over HTTP, ${AT_ONCE} at once: GETs/s relative to raw point reads`,
      ratiosOf(rates('HTTP'), rates('raw')),
      RATIO,
      { atLeast: 0.5 },
    ),
    measured('raw point reads with the SDK', rates('raw'), 'reads/s'),
    measured('raw point read with the SDK, client', cpu('raw'), 'CPU ms per read'),
    measured('GET of an order over HTTP, query app', cpu('HTTP'), 'CPU ms per GET'),
  ];
}
