import { afterAll, beforeAll, beforeEach } from 'vitest';
import { archiveContract } from './write-store-archive.ts';
import { commitContract } from './write-store-commits.ts';
import type { StoreContext, WriteStoreFixture } from './write-store-context.ts';
import { draftContract } from './write-store-drafts.ts';
import { eventsContract } from './write-store-events.ts';
import { keyContract } from './write-store-keys.ts';
import { loadContract } from './write-store-loads.ts';
import { outboxContract } from './write-store-outbox.ts';
import { productContract } from './write-store-products.ts';
import { raceContract } from './write-store-races.ts';
import { refusalContract } from './write-store-refusals.ts';
import { unconfirmedContract } from './write-store-unconfirmed.ts';
import { valueContract } from './write-store-values.ts';

/** What every write store guarantees, whatever its database. Call it inside a `describe`. */
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
    productContract,
    refusalContract,
    keyContract,
    draftContract,
    unconfirmedContract,
    archiveContract,
  ])
    part(() => context);
}
