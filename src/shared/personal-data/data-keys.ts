import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { KEY_BYTES, unwrapKey, wrapKey } from './cipher.ts';
import type { MasterKey, MasterKeyVersion } from './master-key.ts';

/** A customer's data key as it is stored: under a version of the master key, in base64. */
export const wrappedKey = z.object({ keyId: z.string(), wrappedKey: z.string(), masterKeyVersion: z.string() });
export type WrappedKey = Readonly<z.output<typeof wrappedKey>>;

/** A stored key that is none: damaged, or wrapped under another key than the version that it names. */
export class DamagedKey extends Error {
  readonly code = 'damaged-key';

  constructor({ keyId, masterKeyVersion }: WrappedKey, options: ErrorOptions) {
    super(`The data key ${keyId} cannot be unwrapped with version ${masterKeyVersion} of the master key.`, options);
    this.name = 'DamagedKey';
  }
}

/** A new data key, wrapped under the newest version of the master key. Throws when that cannot be read. */
export async function newDataKey(masterKey: MasterKey): Promise<WrappedKey> {
  return wrapped(randomUUID(), randomBytes(KEY_BYTES), await masterKey.newest());
}

/** The data key itself: 32 bytes. Throws DamagedKey, or what reading its version of the master key throws. */
export async function unwrapDataKey(stored: WrappedKey, masterKey: MasterKey): Promise<Buffer> {
  const { key } = await masterKey.version(stored.masterKeyVersion);
  try {
    return unwrapKey(stored.wrappedKey, key);
  } catch (cause) {
    throw new DamagedKey(stored, { cause });
  }
}

/** The same data key under another version of the master key. Throws as `unwrapDataKey` does. */
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
