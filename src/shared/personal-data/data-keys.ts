import { randomBytes, randomUUID } from 'node:crypto';
import { KEY_BYTES, unwrapKey, wrapKey } from './cipher.ts';
import type { MasterKey } from './master-key.ts';

/** A customer's data key as it is stored. */
export interface WrappedKey {
  readonly keyId: string;
  /** The key under a version of the master key; base64. */
  readonly wrappedKey: string;
  readonly masterKeyVersion: string;
}

/** A new data key, wrapped under the newest version of the master key. Throws when that cannot be read. */
export async function newDataKey(masterKey: MasterKey): Promise<WrappedKey> {
  return wrapped(randomUUID(), randomBytes(KEY_BYTES), masterKey);
}

/** The data key itself: 32 bytes. Throws when its version of the master key cannot be read, or is not the one that it needs. */
export async function unwrapDataKey(stored: WrappedKey, masterKey: MasterKey): Promise<Buffer> {
  const { key } = await masterKey.version(stored.masterKeyVersion);
  return unwrapKey(stored.wrappedKey, key);
}

/** The same data key under the newest version of the master key. */
export async function rewrapDataKey(stored: WrappedKey, masterKey: MasterKey): Promise<WrappedKey> {
  return wrapped(stored.keyId, await unwrapDataKey(stored, masterKey), masterKey);
}

async function wrapped(keyId: string, dataKey: Buffer, masterKey: MasterKey): Promise<WrappedKey> {
  const { version, key } = await masterKey.newest();
  return { keyId, wrappedKey: wrapKey(dataKey, key), masterKeyVersion: version };
}
