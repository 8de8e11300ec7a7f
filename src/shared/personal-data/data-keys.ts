import { z } from 'zod';
import type { Chance } from '../runtime.ts';
import { KEY_BYTES, unwrapKey, wrapKey } from './cipher.ts';
import type { MasterKey, MasterKeyVersion } from './master-key.ts';

/** A customer's data key as it is stored: wrapped with a version of the master key, in base64. */
export const wrappedKey = z.object({ keyId: z.string(), wrappedKey: z.string(), masterKeyVersion: z.string() });
export type WrappedKey = Readonly<z.output<typeof wrappedKey>>;

/** A stored key that cannot be unwrapped: damaged, or not wrapped with the version of the master key that it names. */
export class DamagedKey extends Error {
  readonly code = 'damaged-key';

  constructor({ keyId, masterKeyVersion }: WrappedKey, options: ErrorOptions) {
    super(`The data key ${keyId} cannot be unwrapped with version ${masterKeyVersion} of the master key.`, options);
    this.name = 'DamagedKey';
  }
}

/** Generates a data key, wrapped with the newest version of the master key. Throws when the master key cannot be read. */
export async function newDataKey(
  masterKey: MasterKey,
  { newId, randomBytes }: Pick<Chance, 'newId' | 'randomBytes'>,
): Promise<WrappedKey> {
  return wrapped(newId(), randomBytes(KEY_BYTES), await masterKey.newest());
}

/** Unwraps a data key to its 32 bytes. Throws DamagedKey, and errors of reading its version of the master key. */
export async function unwrapDataKey(stored: WrappedKey, masterKey: MasterKey): Promise<Buffer> {
  const { key } = await masterKey.version(stored.masterKeyVersion);
  try {
    return unwrapKey(stored.wrappedKey, key);
  } catch (cause) {
    throw new DamagedKey(stored, { cause });
  }
}

/** Wraps a data key again with another version of the master key. Throws like `unwrapDataKey`. */
export async function rewrapDataKey<Stored extends WrappedKey>(
  stored: Stored,
  masterKey: MasterKey,
  version: MasterKeyVersion,
): Promise<Stored> {
  return { ...stored, ...wrapped(stored.keyId, await unwrapDataKey(stored, masterKey), version) };
}

function wrapped(keyId: string, dataKey: Buffer, { version, key }: MasterKeyVersion): WrappedKey {
  return { keyId, wrappedKey: wrapKey(dataKey, key), masterKeyVersion: version };
}
