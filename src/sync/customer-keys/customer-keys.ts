import type { RememberedEvent, RememberedEvents } from '../../shared/events/decode.ts';
import { unwrapDataKeys, type WrappedKey } from '../../shared/personal-data/data-keys.ts';
import type { DataKey, DataKeys, KeysOf, NeededKey } from '../../shared/personal-data/event-encryption.ts';
import { expiringCache } from '../../shared/personal-data/expiring-cache.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import type { Clock } from '../../shared/runtime.ts';
import type { StoredCustomerKeys, SyncDatabase } from '../database/sync-database.ts';

/** Customers' data keys, which decrypt the personal data of events. */
export interface CustomerKeys {
  /** Returns the keys of customers; one read fetches all that are not cached. Throws when a key cannot be read. */
  keysOf(needed: readonly NeededKey[]): Promise<KeysOf>;
  /** Evicts the keys of an erased customer. */
  forget(customerId: string): void;
  /** Events that were decoded with these keys. Every consumer group of the process receives each event at about the same time. */
  readonly decodedEvents?: RememberedEvents;
}

/** Maximum customers whose keys are in memory (about 5 MB). */
const MAX_CUSTOMERS = 20_000;
/** Maximum size of all decoded events in memory, in characters of their JSON: more than the consumer groups are apart. */
const MAX_EVENTS_SIZE = 2_000_000;
/** Customers whose keys are unwrapped at the same time: each key may be a request to the vault, which limits them. */
const PARALLEL_CUSTOMERS = 20;

/** Caches keys in memory, so that a batch of known customers costs no request. A key that is newer than the cached ones is read. */
export function createCustomerKeys(
  read: SyncDatabase['readCustomerKeys'],
  masterKey: MasterKey,
  clock: Pick<Clock, 'monotonicMs' | 'timer'>,
): CustomerKeys {
  const known = expiringCache<readonly DataKey[] | 'destroyed'>(MAX_CUSTOMERS, clock);
  return {
    keysOf: async (needed) => {
      const keys = new Map<string, DataKeys>(
        needed.map(({ customerId }) => [customerId, known.get(customerId) ?? 'unknown']),
      );
      const missing = needed.filter((key) => !contains(keys.get(key.customerId), key));
      const unknown = [...new Set(missing.map(({ customerId }) => customerId))];
      const found: StoredCustomerKeys = unknown.length === 0 ? new Map() : await read(unknown);
      const unwrapKeysOf = async (id: string) => {
        const unwrapped = await unwrapStored(found.get(id), masterKey);
        keys.set(id, unwrapped);
        if (unwrapped !== 'unknown') known.set(id, unwrapped);
      };
      for (let start = 0; start < unknown.length; start += PARALLEL_CUSTOMERS) {
        await Promise.all(unknown.slice(start, start + PARALLEL_CUSTOMERS).map(unwrapKeysOf));
      }
      return (id) => keys.get(id) ?? 'unknown';
    },
    forget: known.delete,
    decodedEvents: expiringCache<RememberedEvent>(MAX_EVENTS_SIZE, clock, (_event, body) => body.length),
  };
}

function contains(keys: DataKeys | undefined, needed: NeededKey): boolean {
  if (keys === undefined || keys === 'unknown') return false;
  return keys === 'destroyed' || needed.keyId === undefined || keys.some(({ keyId }) => keyId === needed.keyId);
}

function unwrapStored(
  stored: readonly WrappedKey[] | 'destroyed' | undefined,
  masterKey: MasterKey,
): DataKeys | Promise<DataKeys> {
  if (stored === undefined) return 'unknown';
  return stored === 'destroyed' ? stored : unwrapDataKeys(stored, masterKey);
}
