import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { WriteStore } from '../../src/commands/write-store/write-store.ts';
import { openSyncDatabase } from '../../src/sync/database/open-sync-database.ts';
import type { SyncDatabase } from '../../src/sync/database/sync-database.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

/** One write database, empty, as the commands open it and as the sync app does. */
export interface BothSides {
  readonly fixture: WriteStoreFixture;
  readonly store: WriteStore;
  readonly database: SyncDatabase;
}

/** Opens both for each test, and closes them after it. To be called inside a `describe`; the result within a test or a hook. */
export function openBothSides(create: () => Promise<WriteStoreFixture>): () => BothSides {
  let fixture: WriteStoreFixture;
  let sides: BothSides;

  beforeAll(async () => {
    fixture = await create();
  });
  afterAll(() => fixture.remove());

  beforeEach(async () => {
    await fixture.clear();
    const store = await fixture.open();
    const database = await openSyncDatabase(fixture.connectionString());
    sides = { fixture, store, database };
    return async () => {
      await database.close();
      await store.close();
    };
  });

  return () => sides;
}
