import type { CustomerKeys } from '../../src/commands/write-store/customer-keys.ts';
import type { Outbox } from '../../src/commands/write-store/outbox.ts';
import type { UnconfirmedOrders } from '../../src/commands/write-store/unconfirmed-orders.ts';
import type { WriteStore } from '../../src/commands/write-store/write-store.ts';
import type { SyncDatabase } from '../../src/sync/database/sync-database.ts';
import type { Tables } from '../support/commands/tables.ts';

/** A database for one suite. */
export interface WriteStoreFixture {
  /** Empties the database, except for its schema. */
  clear(): Promise<void>;
  /** The connection string of the database. */
  connectionString(): string;
  /** Opens a store on the database, as another process would. */
  open(): Promise<WriteStore & Outbox & CustomerKeys & UnconfirmedOrders>;
  /** Opens the database as the sync app does; by default, by its connection string. */
  openSync?(): Promise<SyncDatabase>;
  /** All rows of all tables. */
  dump(): Promise<Tables>;
  /** Removes the database. */
  remove(): Promise<void>;
}

/** The stores and tables that a test uses. */
export interface StoreContext {
  readonly store: WriteStore & Outbox & CustomerKeys & UnconfirmedOrders;
  /** Another store on the same database. */
  readonly other: WriteStore & Outbox & CustomerKeys & UnconfirmedOrders;
  readonly dump: () => Promise<Tables>;
}
