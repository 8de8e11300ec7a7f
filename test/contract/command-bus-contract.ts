import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type BusContext, openContext } from './command-bus-context.ts';
import { damagedKeyContract } from './command-damaged-keys.ts';
import { erasureContract } from './command-erasures.ts';
import { expiryContract } from './command-expiry.ts';
import { productCommandContract } from './command-products.ts';
import { raceContract } from './command-races.ts';
import { replayContract } from './command-replays.ts';
import { versionContract } from './command-versions.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

/** What commands guarantee on every write store when they are concurrent or repeated. Call it inside a `describe`. */
export function commandBusContract(create: () => Promise<WriteStoreFixture>): void {
  let fixture: WriteStoreFixture;
  let context: BusContext;
  beforeAll(async () => {
    fixture = await create();
  });
  afterAll(() => fixture.remove());

  beforeEach(async () => {
    await fixture.clear();
    const stores = [await fixture.open(), await fixture.open()] as const;
    context = openContext(fixture, stores);
    return async () => {
      for (const store of stores) await store.close();
    };
  });

  for (const part of [
    damagedKeyContract,
    erasureContract,
    expiryContract,
    productCommandContract,
    raceContract,
    replayContract,
    versionContract,
  ])
    part(() => context);
}
