import type { DatabaseSync } from 'node:sqlite';
import { ERASED } from '../../../shared/personal-data/placeholders.ts';
import type { Clock } from '../../../shared/runtime.ts';
import { toCustomerKeys } from '../rows.ts';
import type { CommandCommit, CommitKey, CustomerKey, KeysNotUnderRequest } from '../write-store.ts';
import { StaleVersion } from './commit-errors.ts';

const INSERT_KEY = `
  INSERT INTO CustomerKeys (CustomerId, KeyId, WrappedKey, MasterKeyVersion)
  VALUES (:customerId, :keyId, :wrappedKey, :masterKeyVersion)`;

const FIND_KEY = 'SELECT 1 FROM CustomerKeys WHERE CustomerId = :customerId AND KeyId = :keyId';

/** The remaining row prevents a new key for the customer. */
const DESTROY_KEY = `
  INSERT INTO CustomerKeys (CustomerId, ErasedAt) VALUES (:customerId, :erasedAt)
  ON CONFLICT (CustomerId) DO UPDATE
  SET KeyId = NULL, WrappedKey = NULL, MasterKeyVersion = NULL, ErasedAt = :erasedAt`;

const ERASE_ORDERS = `
  UPDATE Orders
  SET ShippingStreet = :erased, ShippingCity = :erased, ShippingState = :erased, ShippingZip = :erased, ShippingCountry = NULL,
    Carrier = iif(Carrier IS NULL, NULL, :erased), TrackingNumber = iif(TrackingNumber IS NULL, NULL, :erased)
  WHERE CustomerId = :customerId AND ShippingStreet IS NOT NULL`;

const KEYS_NOT_UNDER = `
  SELECT CustomerId AS customerId, KeyId AS keyId, WrappedKey AS wrappedKey, MasterKeyVersion AS masterKeyVersion
  FROM CustomerKeys WHERE MasterKeyVersion <> :masterKeyVersion AND CustomerId > :after ORDER BY CustomerId LIMIT :limit`;

const REWRAP = `
  UPDATE CustomerKeys SET WrappedKey = :wrappedKey, MasterKeyVersion = :masterKeyVersion
  WHERE CustomerId = :customerId AND KeyId = :keyId`;

/** Prepares the data key part of a commit: storing or verifying the key that encrypts its events, or destroying a key. */
export function prepareKeyChange(
  database: DatabaseSync,
  { now }: Pick<Clock, 'now'>,
): (commit: Pick<CommandCommit, 'customerKey' | 'erasedCustomerId'>) => void {
  const insert = database.prepare(INSERT_KEY);
  const find = database.prepare(FIND_KEY);
  const destroy = database.prepare(DESTROY_KEY);
  const eraseOrders = database.prepare(ERASE_ORDERS);

  const storeOrVerify = ({ isNew, customerId, keyId, ...wrapped }: CommitKey): void => {
    if (isNew) insert.run({ customerId, keyId, ...wrapped });
    else if (find.get({ customerId, keyId }) === undefined) throw new StaleVersion();
  };

  return ({ customerKey, erasedCustomerId: customerId }) => {
    if (customerKey !== undefined) storeOrVerify(customerKey);
    if (customerId === undefined) return;
    destroy.run({ customerId, erasedAt: new Date(now()).toISOString() });
    eraseOrders.run({ customerId, erased: ERASED });
  };
}

/** Prepares the statements for rotation of the master key. The caller manages the transaction. */
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
