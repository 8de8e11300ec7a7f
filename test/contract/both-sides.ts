import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Outbox } from '../../src/commands/write-store/outbox.ts';
import type { WriteStore } from '../../src/commands/write-store/write-store.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openSyncDatabase } from '../../src/sync/database/open-sync-database.ts';
import type { SyncDatabase } from '../../src/sync/database/sync-database.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

/** An empty write database, opened by the commands app and by the sync app. */
export interface BothSides {
  readonly fixture: WriteStoreFixture;
  readonly store: WriteStore & Outbox;
  readonly database: SyncDatabase;
}

/** Opens both for each test and closes them afterwards. Call it inside a `describe`, and the returned function inside a test or a hook. */
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
    const open = () => openSyncDatabase(fixture.connectionString(), { runtime: systemRuntime });
    const database = await (fixture.openSync ?? open)();
    sides = { fixture, store, database };
    return async () => {
      await database.close();
      await store.close();
    };
  });

  return () => sides;
}
