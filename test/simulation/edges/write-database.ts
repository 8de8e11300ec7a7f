import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CommandsEdges } from '../../../src/commands/app.ts';
import { SqliteWriteStore } from '../../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import type { Deadline } from '../../../src/shared/deadline.ts';
import type { Clock } from '../../../src/shared/runtime.ts';
import { retryTransient } from '../../../src/shared/write-database/azure-sql/retry.ts';
import { sqliteSyncDatabase } from '../../../src/sync/database/sqlite-sync-database.ts';
import type { SyncDatabase } from '../../../src/sync/database/sync-database.ts';
import type { Process } from '../kernel/process.ts';
import type { World } from '../kernel/world.ts';

/** Kinds of faults of the write database. */
export const SQL_FAULTS = { deadlock: 0.03, 'no connection': 0.02 };

type WriteStore = Awaited<ReturnType<CommandsEdges['openWriteStore']>>;

const sqlError = (message: string, details: object) => Object.assign(new Error(message), details);

const FAULTS = {
  refusals: {
    deadlock: () => sqlError('The transaction was chosen as the deadlock victim.', { number: 1205 }),
    'no connection': () => sqlError('The server cannot be reached.', { code: 'ESOCKET' }),
  },
  lost: () => sqlError('The connection was lost.', { code: 'ECONNRESET' }),
};

/** The database server: one SQLite database in memory, with the real statements, behind connections that can fail. */
export class SimulatedWriteDatabase {
  readonly database: DatabaseSync;
  /** The store without any fault, for checks. */
  readonly store: SqliteWriteStore;
  readonly #sync: SyncDatabase;
  readonly #checks = new Map<string, StatementSync>();

  constructor(world: World, database: DatabaseSync) {
    this.database = database;
    const clock: Pick<Clock, 'now' | 'timer'> = {
      now: () => Math.floor(world.time),
      // A transaction takes no simulated time of its own.
      timer: (_ms, callback) => {
        queueMicrotask(callback);
        return () => undefined;
      },
    };
    this.store = new SqliteWriteStore(database, clock);
    this.#sync = sqliteSyncDatabase(database, clock);
  }

  /** The rows of a query without any fault, for checks. Checks repeat their queries, so the statements are cached. */
  all(query: string): readonly Readonly<Record<string, unknown>>[] {
    const statement = this.#checks.get(query) ?? this.database.prepare(query);
    this.#checks.set(query, statement);
    return statement.all();
  }

  /** The write store of a process. Retries as the one on Azure SQL does. */
  storeOf(process: Process): WriteStore {
    const call = callsOf(process);
    const { store } = this;
    return {
      load: call('sql load', store.load.bind(store)),
      commit: call('sql commit', store.commit.bind(store)),
      readEvents: call('sql read events', store.readEvents.bind(store)),
      claim: call('sql claim', store.claim.bind(store)),
      markPublished: call('sql mark published', store.markPublished.bind(store)),
      recordRefusals: call('sql record refusals', store.recordRefusals.bind(store)),
      backlog: call('sql backlog', store.backlog.bind(store)),
      keysNotUnder: call('sql keys', store.keysNotUnder.bind(store)),
      rewrapKeys: call('sql rewrap', store.rewrapKeys.bind(store)),
      unconfirmedOrders: call('sql unconfirmed', store.unconfirmedOrders.bind(store)),
      archiveEvents: call('sql archive', store.archiveEvents.bind(store)),
      ping: call('sql ping', store.ping.bind(store)),
      close: async () => undefined,
    };
  }

  /** The write database as a process of the sync app uses it. */
  syncDatabaseOf(process: Process): SyncDatabase {
    const call = callsOf(process);
    const { log, webhooks, customerExport, ...sync } = this.#sync;
    return {
      log: {
        count: call('sql count', log.count),
        page: call('sql page', log.page),
        newest: call('sql newest', log.newest),
      },
      customerExport: {
        customer: call('sql export customer', customerExport.customer),
        orders: call('sql export orders', customerExport.orders),
        events: call('sql export events', customerExport.events),
      },
      webhooks: {
        read: call('sql webhooks', webhooks.read),
        save: call('sql save webhook', webhooks.save),
        delete: call('sql delete webhook', webhooks.delete),
      },
      readCustomerKeys: call('sql customer keys', sync.readCustomerKeys),
      reportLag: call('sql report', sync.reportLag),
      reportStall: call('sql report', sync.reportStall),
      endStall: call('sql report', sync.endStall),
      readStalls: call('sql stalls', sync.readStalls),
      recordHeartbeat: call('sql record heartbeat', sync.recordHeartbeat),
      readHeartbeat: call('sql read heartbeat', sync.readHeartbeat),
      close: async () => undefined,
    };
  }
}

/** Makes a method of the server a call over a connection, which is retried until the method's deadline. */
function callsOf(process: Process) {
  return <Request extends readonly unknown[], Result>(step: string, work: (...request: Request) => Promise<Result>) =>
    (...request: Request): Promise<Result> =>
      retryTransient(
        () => process.call({ step, effect: () => work(...request), ...FAULTS }),
        process.runtime,
        request.find(isDeadline),
      );
}

const isDeadline = (value: unknown): value is Deadline =>
  typeof value === 'object' && value !== null && 'remainingMs' in value;
