import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { CustomerKeys, Outbox, WriteStore } from '../../src/commands/write-store/write-store.ts';
import type { Tables } from '../support/commands/tables.ts';
import { commitContract } from './write-store-commits.ts';
import { eventsContract } from './write-store-events.ts';
import { keyContract } from './write-store-keys.ts';
import { loadContract } from './write-store-loads.ts';
import { outboxContract } from './write-store-outbox.ts';
import { raceContract } from './write-store-races.ts';
import { valueContract } from './write-store-values.ts';

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

/** What every write store holds to, whatever its database. To be called inside a `describe`. */
export function writeStoreContract(create: () => Promise<WriteStoreFixture>): void {
  let fixture: WriteStoreFixture;
  let context: StoreContext;

  beforeAll(async () => {
    fixture = await create();
  });
  afterAll(() => fixture.remove());

  beforeEach(async () => {
    await fixture.clear();
    const [store, other] = [await fixture.open(), await fixture.open()];
    context = { store, other, dump: () => fixture.dump() };
    return async () => {
      await store.close();
      await other.close();
    };
  });

  for (const part of [
    loadContract,
    commitContract,
    eventsContract,
    valueContract,
    raceContract,
    outboxContract,
    keyContract,
  ])
    part(() => context);
}
