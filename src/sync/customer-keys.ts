import { LRUCache } from 'lru-cache';
import { unwrapDataKey, type WrappedKey } from '../shared/personal-data/data-keys.ts';
import type { MasterKey } from '../shared/personal-data/master-key.ts';
import type { KeyOf } from '../shared/personal-data/sealing.ts';

/** Customers' data keys in the write database, by customer; one who was erased has none. Throws when it cannot be read. */
export type ReadCustomerKeys = (customerIds: readonly string[]) => Promise<ReadonlyMap<string, WrappedKey>>;

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

/** What was found of a customer: without a key they are erased, and get none any more. */
interface Known {
  readonly key: Buffer | undefined;
}

/**
 * Keys are kept in memory, so that a batch of known customers costs no request.
 * @param clock milliseconds that have passed since any one moment
 */
export function createCustomerKeys(
  read: ReadCustomerKeys,
  masterKey: MasterKey,
  clock: { now(): number } = performance,
): CustomerKeys {
  const known = new LRUCache<string, Known>({ max: MAX_KEYS, ttl: KEY_FOR_MS, ttlResolution: 0, perf: clock });
  return {
    keysOf: async (customerIds) => {
      const keys = new Map(customerIds.map((id) => [id, known.get(id)]));
      const unknown = customerIds.filter((id) => keys.get(id) === undefined);
      const found = unknown.length === 0 ? new Map<string, WrappedKey>() : await read(unknown);
      for (const id of unknown) {
        const wrapped = found.get(id);
        const looked = { key: wrapped && (await unwrapDataKey(wrapped, masterKey)) };
        known.set(id, looked);
        keys.set(id, looked);
      }
      return (id) => keys.get(id)?.key;
    },
    forget: (customerId) => {
      known.delete(customerId);
    },
  };
}
