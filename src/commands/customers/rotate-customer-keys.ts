import type { TimerFunction } from '../../shared/functions/app-function.ts';
import { DamagedKey, rewrapDataKey } from '../../shared/personal-data/data-keys.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import type { CommandsApp } from '../app.ts';
import type { CustomerKey, CustomerKeys } from '../write-store/write-store.ts';

/** Data keys per read and per write: two round trips. */
const BATCH_SIZE = 500;

/** The timer that wraps data keys under the newest version of the master key, so that older versions can be disabled. */
export function rotateCustomerKeysTimer({ config, services }: CommandsApp): TimerFunction {
  return {
    trigger: 'timer',
    name: 'rotateCustomerKeys',
    options: {
      schedule: config.keyRotation.schedule,
      handler: async (_timer, context) => {
        const { store, masterKey } = await services();
        const { rewrapped, damaged } = await rotateCustomerKeys(store, masterKey);
        if (damaged.length > 0) context.error(`The data keys of these customers are damaged: ${damaged.join(', ')}.`);
        if (rewrapped > 0) context.info(`Wrapped ${rewrapped} customers' data keys under the newest master key.`);
      },
    },
  };
}

/** The result of a rotation. */
export interface Rotation {
  readonly rewrapped: number;
  /** Customers whose keys cannot be unwrapped: nobody can read their encrypted data. */
  readonly damaged: readonly string[];
}

/**
 * Goes through all data keys once. A key that cannot be unwrapped is left as it is. Throws when the master key or the store cannot
 * be reached: keys that were stored stay, the others are as readable as before, and the next call continues.
 */
export async function rotateCustomerKeys(store: CustomerKeys, masterKey: MasterKey): Promise<Rotation> {
  const newest = await masterKey.refresh(); // a cached version may be older than the one a key is wrapped under
  const damaged: string[] = [];
  let rewrapped = 0;
  for (let after = ''; ; ) {
    const keys = await store.keysNotUnder({ masterKeyVersion: newest.version, after, limit: BATCH_SIZE });
    const rewrappedKeys: CustomerKey[] = [];
    for (const key of keys) {
      const wrapped = await rewrapDataKey(key, masterKey, newest).catch(unlessDamaged);
      if (wrapped === undefined) damaged.push(key.customerId);
      else rewrappedKeys.push(wrapped);
    }
    if (rewrappedKeys.length > 0) await store.rewrapKeys(rewrappedKeys);
    rewrapped += rewrappedKeys.length;
    after = keys.at(-1)?.customerId ?? after;
    if (keys.length < BATCH_SIZE) return { rewrapped, damaged };
  }
}

function unlessDamaged(error: unknown): undefined {
  if (!(error instanceof DamagedKey)) throw error;
}
