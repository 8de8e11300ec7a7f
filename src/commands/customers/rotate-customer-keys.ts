import type { TimerFunction } from '../../shared/functions/app-function.ts';
import { rewrapDataKey, unlessDamaged } from '../../shared/personal-data/data-keys.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import type { CommandsApp } from '../app.ts';
import type { CustomerKey, CustomerKeys } from '../write-store/customer-keys.ts';

/** Data keys per batch. A batch costs two round trips: one read and one write. */
const BATCH_SIZE = 500;

/** Timer that rewraps data keys, current and retired, under the newest version of the master key, so that older versions can be disabled. */
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
        if (rewrapped > 0) context.info(`Wrapped ${rewrapped} data keys under the newest master key.`);
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
 * Rewraps every data key that is not under the newest version of the master key. Leaves a key that cannot be unwrapped unchanged.
 * Throws when the master key or the store is unavailable. Finished batches stay stored, all other keys stay readable, and the
 * next call resumes.
 */
export async function rotateCustomerKeys(store: CustomerKeys, masterKey: MasterKey): Promise<Rotation> {
  const masterKeyVersion = await masterKey.refresh(); // the cached version may be older than the one that a key is wrapped under
  const damaged = new Set<string>();
  let rewrapped = 0;
  for (let after: CustomerKey | undefined; ; ) {
    const keys = await store.keysNotUnder({ masterKeyVersion, after, limit: BATCH_SIZE });
    const rewrappedKeys: CustomerKey[] = [];
    for (const key of keys) {
      const wrapped = await rewrapDataKey(key, masterKey).catch(unlessDamaged);
      if (wrapped === undefined) damaged.add(key.customerId);
      else rewrappedKeys.push(wrapped);
    }
    if (rewrappedKeys.length > 0) await store.rewrapKeys(rewrappedKeys);
    rewrapped += rewrappedKeys.length;
    after = keys.at(-1) ?? after;
    if (keys.length < BATCH_SIZE) return { rewrapped, damaged: [...damaged] };
  }
}
