import { app } from '@azure/functions';
import type { CommandsConfig } from '../../shared/config.ts';
import { DamagedKey, rewrapDataKey } from '../../shared/personal-data/data-keys.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import { runtime } from '../app.ts';
import type { CustomerKey, CustomerKeys } from '../write-store/write-store.ts';

/** Data keys that are read and written at once: two round trips. */
const BATCH_SIZE = 500;

/** Registers the timer that brings data keys under the newest version of the master key, so that older ones can be disabled. */
export function registerKeyRotation({ schedule }: CommandsConfig['keyRotation']): void {
  app.timer('rotateCustomerKeys', {
    schedule,
    handler: async (_timer, context) => {
      const { store, masterKey } = await runtime();
      const { rewrapped, damaged } = await rotateCustomerKeys(store, masterKey);
      if (damaged.length > 0) context.error(`The data keys of these customers are damaged: ${damaged.join(', ')}.`);
      if (rewrapped > 0) context.info(`Wrapped ${rewrapped} customers' data keys under the newest master key.`);
    },
  });
}

/** What a rotation has done. */
export interface Rotation {
  readonly rewrapped: number;
  /** Customers whose keys cannot be unwrapped: nobody can read their sealed data. */
  readonly damaged: readonly string[];
}

/**
 * Goes through all data keys once. Keys that cannot be unwrapped are left as they are. Throws when the master key or the store
 * cannot be reached: what was stored stays, the rest is as readable as before, and the next call goes on.
 */
export async function rotateCustomerKeys(store: CustomerKeys, masterKey: MasterKey): Promise<Rotation> {
  const newest = await masterKey.refresh(); // an older one would be put in the place of a newer one
  const damaged: string[] = [];
  let rewrapped = 0;
  for (let after = ''; ; ) {
    const keys = await store.keysNotUnder({ masterKeyVersion: newest.version, after, limit: BATCH_SIZE });
    const anew: CustomerKey[] = [];
    for (const key of keys) {
      const wrapped = await rewrapDataKey(key, masterKey, newest).catch(unlessDamaged);
      if (wrapped === undefined) damaged.push(key.customerId);
      else anew.push(wrapped);
    }
    if (anew.length > 0) await store.rewrapKeys(anew);
    rewrapped += anew.length;
    after = keys.at(-1)?.customerId ?? after;
    if (keys.length < BATCH_SIZE) return { rewrapped, damaged };
  }
}

function unlessDamaged(error: unknown): undefined {
  if (!(error instanceof DamagedKey)) throw error;
}
