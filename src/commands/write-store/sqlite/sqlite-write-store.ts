import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../../shared/runtime.ts';
import { openDatabase } from '../../../shared/write-database/sqlite/database.ts';
import type { CustomerKey, CustomerKeys, KeysNotUnderRequest } from '../customer-keys.ts';
import type { ArchiveRequest, EventArchive } from '../event-archive.ts';
import type { ClaimRequest, Outbox, OutboxBacklog, OutboxEvent, RefusalRequest } from '../outbox.ts';
import type { ReadEventsRequest, StoredEvents } from '../stored-events.ts';
import type { UnconfirmedOrder, UnconfirmedOrders, UnconfirmedOrdersRequest } from '../unconfirmed-orders.ts';
import {
  type CommandCommit,
  type CommitOutcome,
  type LoadedRows,
  type LoadRequest,
  UnstorableValue,
  type WriteStore,
} from '../write-store.ts';
import { isUnstorable, toCommitOutcome } from './commit-errors.ts';
import { prepareKeyRotation } from './customer-keys.ts';
import { prepareArchive } from './event-archive.ts';
import { GroupWriter } from './group-writer.ts';
import { prepareLoad } from './load-rows.ts';
import { type OutboxRows, prepareOutbox } from './outbox-rows.ts';
import { prepareReadEvents } from './read-events.ts';
import { prepareUnconfirmedOrders } from './unconfirmed-orders.ts';
import { prepareCommit } from './write-commit.ts';

/** The write store in a SQLite file, the default for local runs. Several processes may share it. */
export class SqliteWriteStore implements WriteStore, Outbox, CustomerKeys, UnconfirmedOrders, EventArchive {
  readonly #database: DatabaseSync;
  readonly #writer: GroupWriter;
  readonly #load: (request: LoadRequest) => LoadedRows;
  readonly #commit: ReturnType<typeof prepareCommit>;
  readonly #readEvents: (request: ReadEventsRequest) => StoredEvents;
  readonly #keys: ReturnType<typeof prepareKeyRotation>;
  readonly #outbox: OutboxRows;
  readonly #unconfirmedOrders: ReturnType<typeof prepareUnconfirmedOrders>;
  readonly #archive: ReturnType<typeof prepareArchive>;

  constructor(database: DatabaseSync, clock: Pick<Clock, 'now' | 'timer'>) {
    this.#database = database;
    this.#writer = new GroupWriter(database, clock);
    this.#load = prepareLoad(database, clock);
    this.#commit = prepareCommit(database, clock);
    this.#readEvents = prepareReadEvents(database, clock);
    this.#keys = prepareKeyRotation(database);
    this.#outbox = prepareOutbox(database, clock);
    this.#unconfirmedOrders = prepareUnconfirmedOrders(database);
    this.#archive = prepareArchive(database);
  }

  async load(request: LoadRequest): Promise<LoadedRows> {
    return this.#load(request);
  }

  async commit(commit: CommandCommit): Promise<CommitOutcome> {
    try {
      const { held } = await this.#writer.run(() => this.#commit(commit));
      return { outcome: 'committed', ...(held && { held }) };
    } catch (error) {
      const outcome = toCommitOutcome(error);
      if (outcome !== undefined) return outcome;
      throw isUnstorable(error) ? new UnstorableValue(error) : error;
    }
  }

  async readEvents(request: ReadEventsRequest): Promise<StoredEvents> {
    return this.#readEvents(request);
  }

  /** Commits a write that changes nothing: the file's application id stays 0. Only a commit shows that the disk is not full. */
  ping(): Promise<void> {
    return this.#writer.run(() => this.#database.exec('PRAGMA application_id = 0'));
  }

  async close(): Promise<void> {
    this.#writer.flush();
    this.#database.close();
  }

  claim(request: ClaimRequest): Promise<readonly OutboxEvent[]> {
    return this.#writer.run(() => this.#outbox.claim(request));
  }

  markPublished(eventIds: readonly string[]): Promise<void> {
    return this.#writer.run(() => this.#outbox.mark(eventIds));
  }

  recordRefusals(request: RefusalRequest): Promise<readonly string[]> {
    return this.#writer.run(() => this.#outbox.refuse(request));
  }

  async backlog(): Promise<OutboxBacklog> {
    return this.#outbox.backlog();
  }

  async keysNotUnder(request: KeysNotUnderRequest): Promise<readonly CustomerKey[]> {
    return this.#keys.keysNotUnder(request);
  }

  rewrapKeys(keys: readonly CustomerKey[]): Promise<void> {
    return this.#writer.run(() => this.#keys.rewrap(keys));
  }

  async unconfirmedOrders(request: UnconfirmedOrdersRequest): Promise<readonly UnconfirmedOrder[]> {
    return this.#unconfirmedOrders(request);
  }

  archiveEvents(request: ArchiveRequest): Promise<number> {
    return this.#writer.run(() => this.#archive(request));
  }
}

/** Opens the file, and creates or migrates it when needed. The path is relative to the working directory. */
export async function openSqliteWriteStore(path: string, clock: Clock): Promise<SqliteWriteStore> {
  const { database } = await openDatabase(path, clock);
  return new SqliteWriteStore(database, clock);
}
