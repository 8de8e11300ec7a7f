import * as z from 'zod';
import type { Chance } from '../runtime.ts';
import { KEY_BYTES } from './cipher.ts';
import type { DataKey, DataKeys } from './event-encryption.ts';
import { DamagedKey, type MasterKey } from './master-key.ts';

/** A customer's data key as it is stored: wrapped with a version of the master key, in base64. */
export const wrappedKey = z.object({ keyId: z.string(), wrappedKey: z.string(), masterKeyVersion: z.string() });
export type WrappedKey = Readonly<z.output<typeof wrappedKey>>;

/** Random bytes in the id of a data key. */
const ID_BYTES = 16;
/** Maximum characters of a version of the master key: the id of a data key has at most 64, of which 23 are a dot and random base64url. */
export const MAX_VERSION_LENGTH = 41;

/**
 * Generates a data key, wrapped with the newest version of the master key. Its id starts with that version, which rewrapping does not
 * change, and a dot. Throws when the master key cannot be read.
 */
export async function newDataKey(
  masterKey: MasterKey,
  { randomBytes }: Pick<Chance, 'randomBytes'>,
): Promise<WrappedKey> {
  const wrapped = await masterKey.wrap(randomBytes(KEY_BYTES));
  return { keyId: `${wrapped.masterKeyVersion}.${randomBytes(ID_BYTES).toString('base64url')}`, ...wrapped };
}

/**
 * True when the master key has been rotated since a data key was created, so that new events must have a new key: whoever stole this one
 * before the rotation must not be able to decrypt later events. Key ids of version 0.1.0 do not contain the master key's version, so those keys
 * count as outdated.
 */
export function isOutdated({ keyId }: WrappedKey, masterKey: MasterKey): Promise<boolean> {
  return masterKey.isSuperseded(keyId.slice(0, Math.max(0, keyId.lastIndexOf('.'))));
}

/** Unwraps a data key. Throws DamagedKey, and errors of reading its version of the master key. */
export async function unwrapDataKey(stored: WrappedKey, masterKey: MasterKey): Promise<DataKey> {
  return { keyId: stored.keyId, key: await masterKey.unwrap(stored) };
}

/**
 * Unwraps the data keys of one customer, without those that are damaged: the other keys still decrypt their events.
 * @returns `unknown` when no key is left
 * @throws errors of reading the master key, because a retry may succeed
 */
export async function unwrapDataKeys(stored: readonly WrappedKey[], masterKey: MasterKey): Promise<DataKeys> {
  const unwrapped = await Promise.all(stored.map((key) => unwrapDataKey(key, masterKey).catch(unlessDamaged)));
  const keys = unwrapped.filter((key) => key !== undefined);
  return keys.length === 0 ? 'unknown' : keys;
}

/** Handles the error of unwrapping a data key: undefined for a damaged one. Throws any other error. */
export function unlessDamaged(error: unknown): undefined {
  if (!(error instanceof DamagedKey)) throw error;
}

/** Wraps a data key again with the newest version of the master key. Throws like `unwrapDataKey`. */
export async function rewrapDataKey<Stored extends WrappedKey>(stored: Stored, masterKey: MasterKey): Promise<Stored> {
  return { ...stored, ...(await masterKey.wrap(await masterKey.unwrap(stored))) };
}
