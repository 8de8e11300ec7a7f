import { LRUCache } from 'lru-cache';
import { DamagedKey, unwrapDataKey, type WrappedKey } from '../../shared/personal-data/data-keys.ts';
import type { DataKey, KeyOf } from '../../shared/personal-data/event-encryption.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import type { Clock } from '../../shared/runtime.ts';
import type { StoredCustomerKeys, SyncDatabase } from '../database/sync-database.ts';

/** Customers' data keys, which decrypt the personal data of events. */
export interface CustomerKeys {
  /** Returns the keys of customers; one read fetches all that are not cached. Throws when a key cannot be read. */
  keysOf(customerIds: readonly string[]): Promise<KeyOf>;
  /** Evicts the key of an erased customer. */
  forget(customerId: string): void;
}

/** Maximum keys in memory (about 5 MB), and how long (ms) a key is cached. */
const MAX_KEYS = 20_000;
const KEY_TTL_MS = 300_000;

/** Caches keys in memory, so that a batch of known customers costs no request. */
export function createCustomerKeys(
  read: SyncDatabase['readCustomerKeys'],
  masterKey: MasterKey,
  { monotonicMs }: Pick<Clock, 'monotonicMs'>,
): CustomerKeys {
  const known = new LRUCache<string, Buffer | 'destroyed'>({
    max: MAX_KEYS,
    ttl: KEY_TTL_MS,
    ttlResolution: 0,
    perf: { now: monotonicMs },
  });
  return {
    keysOf: async (customerIds) => {
      const keys = new Map<string, DataKey | undefined>(customerIds.map((id) => [id, known.get(id)]));
      const unknown = customerIds.filter((id) => keys.get(id) === undefined);
      const found: StoredCustomerKeys = unknown.length === 0 ? new Map() : await read(unknown);
      for (const id of unknown) {
        const key = await toDataKey(found.get(id), masterKey);
        keys.set(id, key);
        if (key !== 'unknown') known.set(id, key);
      }
      return (id) => keys.get(id) ?? 'unknown';
    },
    forget: (customerId) => {
      known.delete(customerId);
    },
  };
}

/** A damaged key counts as unknown. A master key that cannot be read is thrown, because a retry may succeed. */
async function toDataKey(stored: WrappedKey | 'destroyed' | undefined, masterKey: MasterKey): Promise<DataKey> {
  if (stored === undefined) return 'unknown';
  if (stored === 'destroyed') return stored;
  return unwrapDataKey(stored, masterKey).catch((error: unknown) => {
    if (error instanceof DamagedKey) return 'unknown';
    throw error;
  });
}
