import type { DatabaseSync } from 'node:sqlite';
import { ERASED } from '../../../shared/personal-data/placeholders.ts';
import { toCustomerKeys } from '../rows.ts';
import type { CommandCommit, CustomerKey, KeysNotUnderRequest, SealingKey } from '../write-store.ts';
import { StaleVersion } from './commit-errors.ts';

const INSERT_KEY = `
  INSERT INTO CustomerKeys (CustomerId, KeyId, WrappedKey, MasterKeyVersion)
  VALUES (:customerId, :keyId, :wrappedKey, :masterKeyVersion)`;

const FIND_KEY = 'SELECT 1 FROM CustomerKeys WHERE CustomerId = :customerId AND KeyId = :keyId';

/** What stays of a key tells that there is to be none any more. */
const DESTROY_KEY = `
  INSERT INTO CustomerKeys (CustomerId, ErasedAt) VALUES (:customerId, :erasedAt)
  ON CONFLICT (CustomerId) DO UPDATE
  SET KeyId = NULL, WrappedKey = NULL, MasterKeyVersion = NULL, ErasedAt = :erasedAt`;

const ERASE_ADDRESSES = `
  UPDATE Orders
  SET ShippingStreet = :erased, ShippingCity = :erased, ShippingState = :erased, ShippingZip = :erased, ShippingCountry = NULL
  WHERE CustomerId = :customerId AND ShippingStreet IS NOT NULL`;

const KEYS_NOT_UNDER = `
  SELECT CustomerId AS customerId, KeyId AS keyId, WrappedKey AS wrappedKey, MasterKeyVersion AS masterKeyVersion
  FROM CustomerKeys WHERE MasterKeyVersion <> :masterKeyVersion AND CustomerId > :after ORDER BY CustomerId LIMIT :limit`;

const REWRAP = `
  UPDATE CustomerKeys SET WrappedKey = :wrappedKey, MasterKeyVersion = :masterKeyVersion
  WHERE CustomerId = :customerId AND KeyId = :keyId`;

/** Prepares the part of a commit that is about data keys: holding the one that its events are sealed with, or destroying one. */
export function prepareKeyChange(
  database: DatabaseSync,
): (commit: Pick<CommandCommit, 'customerKey' | 'erasedCustomerId'>) => void {
  const insert = database.prepare(INSERT_KEY);
  const find = database.prepare(FIND_KEY);
  const destroy = database.prepare(DESTROY_KEY);
  const eraseAddresses = database.prepare(ERASE_ADDRESSES);

  const hold = ({ isNew, customerId, keyId, ...wrapped }: SealingKey): void => {
    if (isNew) insert.run({ customerId, keyId, ...wrapped });
    else if (find.get({ customerId, keyId }) === undefined) throw new StaleVersion();
  };

  return ({ customerKey, erasedCustomerId: customerId }) => {
    if (customerKey !== undefined) hold(customerKey);
    if (customerId === undefined) return;
    destroy.run({ customerId, erasedAt: new Date().toISOString() });
    eraseAddresses.run({ customerId, erased: ERASED });
  };
}

/** Prepares what the rotation of the master key reads and writes; its caller opens and ends the transaction. */
export function prepareKeyRotation(database: DatabaseSync) {
  const notUnder = database.prepare(KEYS_NOT_UNDER);
  const rewrap = database.prepare(REWRAP);
  return {
    keysNotUnder: (request: KeysNotUnderRequest): readonly CustomerKey[] =>
      toCustomerKeys(notUnder.all({ ...request })),
    rewrap: (keys: readonly CustomerKey[]): void => {
      for (const key of keys) rewrap.run({ ...key });
    },
  };
}
