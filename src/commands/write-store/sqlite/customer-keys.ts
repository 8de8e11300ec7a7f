import type { DatabaseSync } from 'node:sqlite';
import { ERASED } from '../../../shared/personal-data/placeholders.ts';
import type { Clock } from '../../../shared/runtime.ts';
import type { CommitKey, CustomerKey, KeysNotUnderRequest } from '../customer-keys.ts';
import { toCustomerKeys } from '../event-rows.ts';
import type { CommandCommit } from '../write-store.ts';
import { StaleVersion } from './commit-errors.ts';

const INSERT_KEY = `
  INSERT INTO CustomerKeys (CustomerId, KeyId, WrappedKey, MasterKeyVersion)
  VALUES (:customerId, :keyId, :wrappedKey, :masterKeyVersion)`;

const RETIRE_KEY = `
  INSERT INTO RetiredCustomerKeys (CustomerId, KeyId, WrappedKey, MasterKeyVersion, RetiredAt)
  SELECT CustomerId, KeyId, WrappedKey, MasterKeyVersion, :retiredAt
  FROM CustomerKeys WHERE CustomerId = :customerId AND KeyId = :replaces`;

const REPLACE_KEY = `
  UPDATE CustomerKeys
  SET KeyId = :keyId, WrappedKey = :wrappedKey, MasterKeyVersion = :masterKeyVersion
  WHERE CustomerId = :customerId`;

const FIND_KEY = 'SELECT 1 FROM CustomerKeys WHERE CustomerId = :customerId AND KeyId = :keyId';

/** The remaining row prevents a new key for the customer. */
const DESTROY_KEY = `
  INSERT INTO CustomerKeys (CustomerId, ErasedAt) VALUES (:customerId, :erasedAt)
  ON CONFLICT (CustomerId) DO UPDATE
  SET KeyId = NULL, WrappedKey = NULL, MasterKeyVersion = NULL, ErasedAt = :erasedAt`;

const DESTROY_RETIRED_KEYS = 'DELETE FROM RetiredCustomerKeys WHERE CustomerId = :customerId';

const ERASE_ORDERS = `
  UPDATE Orders
  SET ShippingStreet = :erased, ShippingCity = :erased, ShippingState = :erased, ShippingZip = :erased, ShippingCountry = NULL,
    Carrier = iif(Carrier IS NULL, NULL, :erased), TrackingNumber = iif(TrackingNumber IS NULL, NULL, :erased)
  WHERE CustomerId = :customerId AND ShippingStreet IS NOT NULL`;

const KEYS_NOT_UNDER = `
  SELECT CustomerId AS customerId, KeyId AS keyId, WrappedKey AS wrappedKey, MasterKeyVersion AS masterKeyVersion
  FROM (
    SELECT CustomerId, KeyId, WrappedKey, MasterKeyVersion FROM CustomerKeys
    UNION ALL SELECT CustomerId, KeyId, WrappedKey, MasterKeyVersion FROM RetiredCustomerKeys)
  WHERE MasterKeyVersion <> :masterKeyVersion AND (CustomerId, KeyId) > (:customerId, :keyId)
  ORDER BY CustomerId, KeyId LIMIT :limit`;

const rewrapIn = (table: 'CustomerKeys' | 'RetiredCustomerKeys') => `
  UPDATE ${table} SET WrappedKey = :wrappedKey, MasterKeyVersion = :masterKeyVersion
  WHERE CustomerId = :customerId AND KeyId = :keyId`;

/** Prepares the data key part of a commit: storing or verifying the key that encrypts its events, or destroying all keys. */
export function prepareKeyChange(
  database: DatabaseSync,
  { now }: Pick<Clock, 'now'>,
): (commit: Pick<CommandCommit, 'customerKey' | 'erasedCustomerId'>) => void {
  const insert = database.prepare(INSERT_KEY);
  const find = database.prepare(FIND_KEY);
  const retire = database.prepare(RETIRE_KEY);
  const replace = database.prepare(REPLACE_KEY);
  const destroy = database.prepare(DESTROY_KEY);
  const destroyRetired = database.prepare(DESTROY_RETIRED_KEYS);
  const eraseOrders = database.prepare(ERASE_ORDERS);

  const storeOrVerify = ({ isNew, replaces, customerId, keyId, wrappedKey, masterKeyVersion }: CommitKey): void => {
    const key = { customerId, keyId, wrappedKey, masterKeyVersion };
    if (replaces !== undefined) {
      const { changes } = retire.run({ customerId, replaces, retiredAt: new Date(now()).toISOString() });
      if (changes !== 1) throw new StaleVersion();
      replace.run(key);
    } else if (isNew) insert.run(key);
    else if (find.get({ customerId, keyId }) === undefined) throw new StaleVersion();
  };

  return ({ customerKey, erasedCustomerId: customerId }) => {
    if (customerKey !== undefined) storeOrVerify(customerKey);
    if (customerId === undefined) return;
    destroy.run({ customerId, erasedAt: new Date(now()).toISOString() });
    destroyRetired.run({ customerId });
    eraseOrders.run({ customerId, erased: ERASED });
  };
}

/** Sorts before every key. */
const BEGINNING = { customerId: '', keyId: '' };

/** Prepares the statements for rotation of the master key. The caller manages the transaction. */
export function prepareKeyRotation(database: DatabaseSync) {
  const notUnder = database.prepare(KEYS_NOT_UNDER);
  const rewraps = [database.prepare(rewrapIn('CustomerKeys')), database.prepare(rewrapIn('RetiredCustomerKeys'))];
  return {
    keysNotUnder: ({ masterKeyVersion, after = BEGINNING, limit }: KeysNotUnderRequest): readonly CustomerKey[] => {
      const { customerId, keyId } = after;
      return toCustomerKeys(notUnder.all({ masterKeyVersion, customerId, keyId, limit }));
    },
    rewrap: (keys: readonly CustomerKey[]): void => {
      for (const { customerId, keyId, wrappedKey, masterKeyVersion } of keys) {
        for (const rewrap of rewraps) rewrap.run({ customerId, keyId, wrappedKey, masterKeyVersion });
      }
    },
  };
}
