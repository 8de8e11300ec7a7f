import type { CustomerKeys, Outbox, WriteStore } from '../../src/commands/write-store/write-store.ts';
import type { Tables } from '../support/commands/tables.ts';

/** A database for one suite. */
export interface WriteStoreFixture {
  /** Makes the database empty, with its schema. */
  clear(): Promise<void>;
  /** The connection string of the database. */
  connectionString(): string;
  /** A store on the database, as another process has it. */
  open(): Promise<WriteStore & Outbox & CustomerKeys>;
  /** All rows of all tables. */
  dump(): Promise<Tables>;
  /** Removes the database. */
  remove(): Promise<void>;
}

/** What a test works with. */
export interface StoreContext {
  readonly store: WriteStore & Outbox & CustomerKeys;
  /** Another store on the same database. */
  readonly other: WriteStore & Outbox & CustomerKeys;
  readonly dump: () => Promise<Tables>;
}
