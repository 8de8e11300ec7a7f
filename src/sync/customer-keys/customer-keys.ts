import { LRUCache } from 'lru-cache';
import { DamagedKey, unwrapDataKey, type WrappedKey } from '../../shared/personal-data/data-keys.ts';
import type { DataKey, KeyOf } from '../../shared/personal-data/event-encryption.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import type { StoredCustomerKeys, SyncDatabase } from '../database/sync-database.ts';

/** The data keys that events are opened with. */
export interface CustomerKeys {
  /** The keys of customers: one read for all that are not known yet. Throws when a key cannot be read. */
  keysOf(customerIds: readonly string[]): Promise<KeyOf>;
  /** Forgets the key of a customer who was erased. */
  forget(customerId: string): void;
}

/** Most keys in memory (about 5 MB), and how long (ms) one is used before it is looked up again. */
const MAX_KEYS = 20_000;
const KEY_FOR_MS = 300_000;

/**
 * Keys are kept in memory, so that a batch of known customers costs no request.
 * @param clock milliseconds that have passed since any one moment
 */
export function createCustomerKeys(
  read: SyncDatabase['readCustomerKeys'],
  masterKey: MasterKey,
  clock: { now(): number } = performance,
): CustomerKeys {
  const known = new LRUCache<string, Buffer | 'destroyed'>({
    max: MAX_KEYS,
    ttl: KEY_FOR_MS,
    ttlResolution: 0,
    perf: clock,
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

/** A key that is damaged is known to nobody; who cannot read the master key must try again. */
async function toDataKey(stored: WrappedKey | 'destroyed' | undefined, masterKey: MasterKey): Promise<DataKey> {
  if (stored === undefined) return 'unknown';
  if (stored === 'destroyed') return stored;
  return unwrapDataKey(stored, masterKey).catch((error: unknown) => {
    if (error instanceof DamagedKey) return 'unknown';
    throw error;
  });
}
