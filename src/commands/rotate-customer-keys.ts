import { app } from '@azure/functions';
import type { CommandsConfig } from '../shared/config.ts';
import { rewrapDataKey } from '../shared/personal-data/data-keys.ts';
import type { MasterKey } from '../shared/personal-data/master-key.ts';
import { runtime } from './runtime.ts';
import type { CustomerKeys } from './write-store/write-store.ts';

/** Data keys that are read and written at once: two round trips. */
const BATCH_SIZE = 500;

/** Registers the timer that brings data keys under the newest version of the master key, so that older ones can be disabled. */
export function registerKeyRotation({ schedule }: CommandsConfig['keyRotation']): void {
  app.timer('rotateCustomerKeys', {
    schedule,
    handler: async (_timer, context) => {
      const { store, masterKey } = await runtime();
      const rewrapped = await rotateCustomerKeys(store, masterKey);
      if (rewrapped > 0) context.info(`Wrapped ${rewrapped} customers' data keys under the newest master key.`);
    },
  });
}

/** Returns how many keys were wrapped anew. Whatever stops it, the keys stay readable, and the next call goes on. */
export async function rotateCustomerKeys(store: CustomerKeys, masterKey: MasterKey): Promise<number> {
  const { version } = await masterKey.refresh(); // an older one would be put in the place of a newer one
  let rewrapped = 0;
  for (;;) {
    const keys = await store.keysNotUnder(version, BATCH_SIZE);
    const anew = keys.map(async ({ customerId, ...key }) => ({ customerId, ...(await rewrapDataKey(key, masterKey)) }));
    if (keys.length > 0) await store.rewrapKeys(await Promise.all(anew));
    rewrapped += keys.length;
    if (keys.length < BATCH_SIZE) return rewrapped;
  }
}
