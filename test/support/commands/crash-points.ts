/** A process that handles one command, expires orders or relays the outbox, and kills itself (SIGKILL) at the assigned step. */

import { expireOrders } from '../../../src/commands/orders/expire-orders.ts';
import { publishAfterCommit } from '../../../src/commands/outbox/publish-after-commit.ts';
import { relayOutbox } from '../../../src/commands/outbox/relay.ts';
import { SqliteWriteStore } from '../../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { openEventPublisher } from '../../../src/shared/event-hubs/event-publisher.ts';
import { ORDER_EVENTS_HUB } from '../../../src/shared/event-hubs/hub.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { openDatabase } from '../../../src/shared/write-database/sqlite/database.ts';
import { envelopeOf, openCommandBus } from './command-bus.ts';
import { killSelf } from './kill-self.ts';
import { type CrashAssignment, LEASE_MS } from './run-until-crash.ts';

const assignment: CrashAssignment = JSON.parse(process.argv[2] ?? '');
const { step, file, eventHubs, command, expires } = assignment;

function crashAt(name: CrashAssignment['step']): void {
  if (step === name) killSelf();
}

/** Wraps a call so that the process kills itself after it, if this is the assigned step. */
function crashingAfter<Input, Output>(name: CrashAssignment['step'], call: (input: Input) => Promise<Output>) {
  return async (input: Input): Promise<Output> => {
    const output = await call(input);
    crashAt(name);
    return output;
  };
}

const { database } = await openDatabase(file, systemRuntime);
database.function('crash', () => {
  crashAt('inside the transaction');
  return null;
});
// A commit writes the credit last. Without a cache, its pages are in the file by then.
database.exec(`
  PRAGMA cache_size = 1;
  CREATE TEMP TRIGGER crash AFTER UPDATE OF CreditUsed ON Customers BEGIN SELECT crash(); END;`);

const real = new SqliteWriteStore(database, systemRuntime);
const connection = { kind: 'connectionString' as const, connectionString: eventHubs };
const publisher = openEventPublisher(connection, ORDER_EVENTS_HUB, console.error, systemRuntime);
const store = {
  load: crashingAfter('after the load', (request: Parameters<typeof real.load>[0]) => real.load(request)),
  commit: crashingAfter('after the commit', (commit: Parameters<typeof real.commit>[0]) => real.commit(commit)),
  claim: crashingAfter('after the claim', (request: Parameters<typeof real.claim>[0]) => real.claim(request)),
  markPublished: async (eventIds: readonly string[]) => {
    crashAt('before the marking');
    await real.markPublished(eventIds);
    crashAt('after the marking');
  },
  recordRefusals: (request: Parameters<typeof real.recordRefusals>[0]) => real.recordRefusals(request),
};
const send = crashingAfter('after the sending', publisher.send);

const { publish } = publishAfterCommit({ send }, store, console.error, systemRuntime);
const bus = openCommandBus(store, publish);

if (expires) {
  const settings = { expireAfterMs: 0, pageSize: 10, maxRunMs: 60_000, warn: console.error };
  await expireOrders(real, bus, settings, systemRuntime);
} else if (command === undefined) {
  const settings = {
    owner: 'crashed',
    leaseMs: LEASE_MS,
    olderThanMs: 0,
    batchSize: 100,
    batchCharacters: 1_000_000,
    warn: console.error,
  };
  await relayOutbox(store, { send }, settings, systemRuntime);
} else {
  await bus.dispatch(envelopeOf(command));
}
