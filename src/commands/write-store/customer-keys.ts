import type { WrappedKey } from '../../shared/personal-data/data-keys.ts';

/** The data key of a customer. */
export interface CustomerKey extends WrappedKey {
  readonly customerId: string;
}

/** The data key that a commit's events were encrypted with. */
export interface CommitKey extends CustomerKey {
  /** True: created for this commit and stored with it. False: it must still be the customer's key when the commit is written. */
  readonly isNew: boolean;
  /** The id of the key that a new key replaces, which must still be the customer's key when the commit is written. */
  readonly replaces?: string;
}

export interface KeysNotUnderRequest {
  readonly masterKeyVersion: string;
  /** Only keys after this one. */
  readonly after?: Pick<CustomerKey, 'customerId' | 'keyId'> | undefined;
  /** Maximum keys to return. */
  readonly limit: number;
}

/** The data keys of all customers, current and retired, for rotation of the master key. */
export interface CustomerKeys {
  /** Reads data keys that are not wrapped under this version of the master key, ordered by customer id and key id. */
  keysNotUnder(request: KeysNotUnderRequest): Promise<readonly CustomerKey[]>;
  /** Stores rewrapped data keys. A key that was destroyed in the meantime stays destroyed. */
  rewrapKeys(keys: readonly CustomerKey[]): Promise<void>;
}
