import { bundleFunctions } from '../../local/bundles.ts';
import { type App, LOCAL_BUNDLE } from '../../scripts/bundle/options.ts';
import { atConstantRate } from '../measuring/constant-rate.ts';
import { forSeconds, inParallel, range } from '../measuring/drive.ts';
import type { HttpClient } from '../measuring/http-client.ts';
import type { Effort } from '../measuring/rounds.ts';
import { busySamplesOf, type CallFrame, type CpuProfile, type Sampled } from '../profiling/cpu-profile.ts';
import { placesOf } from '../profiling/places.ts';
import { openProfiler } from '../profiling/profiler.ts';
import { type Shares, sharesOfCategories, sharesOfFunctions } from '../profiling/shares.ts';
import { type Figure, measured } from '../report/figure.ts';
import { type BenchAzure, startBenchAzure } from '../system/azure.ts';
import { allProjected } from '../system/lag.ts';
import { addCustomersAndProducts, newOrders, type OrderBody } from '../system/sample-orders.ts';

const AT_ONCE = 16;
/** Orders or GETs per round. */
const COMMANDS = 240;
const GETS = 400;
const ORDERS_PER_SECOND = 15;
const SECONDS_PER_ROUND = 1.6;
/** How long orders are placed and cancelled before the first profile, so that the compiler optimizes the command app and the sync app. */
const WARM_UP_SECONDS = 8;
const WARM_UP_AT_ONCE = 4;
/** The most expensive functions that are listed. */
const FUNCTIONS = 5;

/** An app whose main thread can be profiled. */
interface ProfiledApp {
  readonly client: HttpClient;
  /** Does some work once to warm up, and then once per round. Resolves to a figure for each category, and for the most expensive functions. */
  profile(label: string, work: () => Promise<unknown>): Promise<readonly Figure[]>;
  stop(): Promise<void>;
}

/** Profiles the apps under load. */
export async function profileFigures(effort: Effort): Promise<readonly Figure[]> {
  await (await bundleFunctions(LOCAL_BUNDLE)).dispose();
  const azure = await startBenchAzure();
  const start = (name: App) => startProfiledApp(name, azure, effort);
  const apps = await Promise.all([start('commands'), start('queries'), start('sync')]);
  const [commands, queries, sync] = apps;
  const place = (order: object) => commands.client.post('/orders', order);
  const read = ({ orderId }: OrderBody) => queries.client.get(`/orders/${orderId}`);
  const placeAndCancel = () => placeAndCancelOrder(commands.client);
  try {
    effort.say('warms up');
    await addCustomersAndProducts(commands.client);
    const orders = newOrders(GETS);
    await inParallel(orders, AT_ONCE, place);
    await forSeconds(WARM_UP_SECONDS, WARM_UP_AT_ONCE, placeAndCancel);
    await allProjected(sync.client);
    const ofQueries = await queries.profile('query app', () => inParallel(orders, AT_ONCE, read));
    const ofSync = await sync.profile('sync app', () =>
      atConstantRate(ORDERS_PER_SECOND, SECONDS_PER_ROUND, placeAndCancel),
    );
    await sync.stop(); // otherwise, it would project the orders while the command app accepts more
    const ofCommands = await commands.profile('command app', () => inParallel(newOrders(COMMANDS), AT_ONCE, place));
    return [...ofCommands, ...ofQueries, ...ofSync];
  } finally {
    await Promise.all(apps.map((app) => app.stop()));
    await azure.close();
  }
}

async function placeAndCancelOrder(commands: HttpClient): Promise<void> {
  for (const order of newOrders(1)) {
    await commands.post('/orders', order);
    await commands.post(`/orders/${order.orderId}/cancel`, { reason: 'no longer needed' });
  }
}

/** Starts an app with the bundle of `npm start`, in which each package is a file of its own. */
async function startProfiledApp(name: App, azure: BenchAzure, { rounds, say }: Effort): Promise<ProfiledApp> {
  const { outdir } = LOCAL_BUNDLE;
  const app = await azure.startApp(name, { outdir, inspectPort: 0 });
  const profiler = await openProfiler(app.output());
  const client = azure.clientOf(app);
  return {
    client,
    profile: async (label, work) => {
      say(`profiles the ${label}`);
      await work(); // warms up
      const profiles: CpuProfile[] = [];
      for (const _ of range(rounds)) profiles.push(await profiler.record(work));
      return figuresOf(label, profiles, placesOf(`${outdir}/${name}/index.cjs`));
    },
    stop: () => {
      client.close();
      profiler.close();
      return app.stop();
    },
  };
}

/**
 * Makes figures of the rounds of an app. A value is that of all rounds together, so that the shares of the categories add up to 100 %.
 * @param placeOf describes where a function is
 */
function figuresOf(
  app: string,
  profiles: readonly CpuProfile[],
  placeOf: (frame: CallFrame) => string,
): readonly Figure[] {
  const rounds = profiles.map(busySamplesOf);
  const sharesIn = (label: string, sharesOf: (all: readonly Sampled[]) => Shares) => {
    const ofRounds = rounds.map(sharesOf);
    return [...sharesOf(rounds.flat())].map(([name, value]) => {
      const values = ofRounds.map((shares) => shares.get(name) ?? 0);
      return { ...measured(`${label}: ${name}`, values, '% of busy time'), value };
    });
  };
  return [
    ...sharesIn(app, sharesOfCategories),
    ...sharesIn(`${app}, function`, (all) => sharesOfFunctions(all, placeOf)).slice(0, FUNCTIONS),
  ];
}
