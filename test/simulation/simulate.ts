import { DatabaseSync } from 'node:sqlite';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { Admin } from './admin.ts';
import { Clients } from './clients.ts';
import { Cluster } from './cluster.ts';
import { FAULTS } from './faults.ts';
import { haveExpired, isConsumed, isPublished, violations } from './invariants.ts';
import { type Line, type Scenario, World } from './kernel/world.ts';
import { isIndexed } from './search-invariants.ts';
import { Subscriptions } from './subscriptions.ts';
import { type ClientCommand, commandsOf, GIVEN } from './workload.ts';

/** Commands of one run, without the first ones, which every run has. */
export const COMMANDS = 30;
/** Simulated time (ms) in which faults happen: until the clients are done, but at least and at most this long. */
const FAULTY_MS = { least: 25_000, most: 120_000 };
/** Simulated time (ms) in which clients get their answers after the faults have ended, and in which everything else catches up. */
const CATCH_UP_MS = 180_000;
/** Simulated time (ms) in which the partner gets every message: the waits between attempts grow. */
const DELIVERY_MS = 600_000;
/** Simulated time (ms) at rest, so that everything in transit arrives: its minimum, and the minimum time since the last fault. */
const REST_MS = { least: 15_000, afterFaults: 60_000 };

/** What became of a run. */
export interface Outcome {
  readonly scenario: Scenario;
  /** What did not hold; empty when all is well. */
  readonly violations: readonly string[];
  /** The commands that were sent. */
  readonly commands: readonly ClientCommand[];
  /** The faults that happened. */
  readonly faults: readonly string[];
  readonly coverage: World['coverage'];
  readonly timeline: readonly Line[];
  /** Things that happened in the simulated world, such as calls that arrived. */
  readonly steps: number;
  /** Events in the log. */
  readonly events: number;
}

/** Runs one scenario from the first command to rest, and checks everything then. */
export async function simulate(scenario: Scenario, records = false): Promise<Outcome> {
  const world = new World(scenario, FAULTS, records);
  const database = await emptyDatabase();
  const cluster = new Cluster(world, database);
  const clients = new Clients(world, cluster);
  const commands = commandsOf(world.dice, COMMANDS);
  const admin = new Admin(world, cluster);
  admin.start();
  cluster.start();
  const subscriptions = new Subscriptions(world, cluster);
  void subscriptions.subscribe().then(() => {
    subscriptions.start();
    return clients.send(GIVEN, commands);
  });
  const { debug, warn } = console;
  console.debug = (text) => world.note('log', String(text));
  console.warn = console.debug;
  const found = await run(world, { cluster, clients, admin, subscriptions }).finally(() => {
    Object.assign(console, { debug, warn });
  });
  const { happened: faults, coverage, timeline, steps } = world;
  const events = Number(database.prepare('SELECT count(*) AS events FROM EventLog').get()?.events);
  for (const process of cluster.processes) process.crash();
  database.close();
  return { scenario, violations: found, commands, faults, coverage, timeline, steps, events };
}

interface Running {
  readonly cluster: Cluster;
  readonly clients: Clients;
  readonly admin: Admin;
  readonly subscriptions: Subscriptions;
}

async function run(world: World, { cluster, clients, admin, subscriptions }: Running): Promise<readonly string[]> {
  await world.until(() => clients.areDone && world.passed >= FAULTY_MS.least, FAULTY_MS.most);
  world.calm();
  const calmAt = world.passed;
  if (!(await world.until(() => clients.areDone, CATCH_UP_MS))) return ['Clients did not get their answers in time.'];
  const { services } = cluster;
  if (!(await world.until(() => haveExpired(services), CATCH_UP_MS))) return ['Orders did not expire in time.'];
  if (!(await world.until(() => isPublished(services), CATCH_UP_MS))) return ['The outbox was not emptied in time.'];
  if (!(await world.until(() => isConsumed(services), CATCH_UP_MS))) return ['The hub was not consumed in time.'];
  if (!(await world.until(() => admin.isDone, CATCH_UP_MS))) return ['Replays and redrives did not end in time.'];
  const { searchGeneration } = cluster;
  if (!(await world.until(() => isIndexed(services, searchGeneration), CATCH_UP_MS)))
    return ['The indexes were not complete in time.'];
  if (!(await world.until(() => subscriptions.isDone, DELIVERY_MS)))
    return ['The partners did not get every message in time.'];
  const calmMs = world.passed - calmAt;
  await world.until(() => false, Math.max(REST_MS.least, REST_MS.afterFaults - calmMs));
  if (!isConsumed(services) || !admin.isDone || !subscriptions.isDone) return ['The system did not stay at rest.'];
  const agreements = [subscriptions.first, subscriptions.second];
  return [...(await violations(cluster, { outcomes: clients.outcomes, agreements })), ...clients.readers.broken];
}

let template: Promise<Uint8Array> | undefined;

/** A migrated database in memory, copied because migrating takes longer than many a run. */
export async function emptyDatabase(): Promise<DatabaseSync> {
  template ??= openDatabase(':memory:', systemRuntime).then(({ database }) => database.serialize());
  const copy = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true });
  copy.deserialize(await template);
  return copy;
}
