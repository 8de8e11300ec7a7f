import type { DatabaseSync } from 'node:sqlite';
import type { OutboxEvent } from '../../../src/commands/write-store/outbox.ts';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { unwrapKey } from '../../../src/shared/personal-data/cipher.ts';
import type { KeysOf } from '../../../src/shared/personal-data/event-encryption.ts';
import type { MasterKey } from '../../../src/shared/personal-data/master-key.ts';
import { readableMasterKey } from '../../../src/shared/personal-data/readable-master-key.ts';
import type { CustomerKeys } from '../../../src/sync/customer-keys/customer-keys.ts';

const key = Buffer.alloc(32, 'master key');

/** A master key in memory. */
export const testMasterKey: MasterKey = readableMasterKey({
  newest: async () => ({ version: 'v1', key }),
  refresh: async () => ({ version: 'v1', key }),
  version: async (version) => ({ version, key }),
});

/** For events that are not encrypted. */
export const noKeys: KeysOf = () => 'unknown';
/** As if every customer were erased. */
export const destroyedKeys: KeysOf = () => 'destroyed';
export const noCustomerKeys: CustomerKeys = { keysOf: async () => noKeys, forget: () => {} };

/** The data keys in a write store that uses the test master key. */
export function storedKeys(database: DatabaseSync): KeysOf {
  const find = database.prepare(`
    SELECT KeyId AS keyId, WrappedKey AS wrapped FROM CustomerKeys WHERE CustomerId = :customerId
    UNION ALL SELECT KeyId, WrappedKey FROM RetiredCustomerKeys WHERE CustomerId = :customerId`);
  return (customerId) => {
    const rows = find.all({ customerId });
    if (rows.length === 0) return 'unknown';
    if (rows[0]?.keyId === null) return 'destroyed';
    return rows.map(({ keyId, wrapped }) => ({ keyId: String(keyId), key: unwrapKey(String(wrapped), key) }));
  };
}

/** An event as it was stored before personal data was encrypted. */
export function unencrypted(event: EventEnvelope): OutboxEvent {
  const { eventId, aggregateType, aggregateId, version } = event;
  return { eventId, aggregateType, aggregateId, version, body: JSON.stringify(event) };
}
