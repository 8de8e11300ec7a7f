import * as z from 'zod';
import type { Clock } from '../runtime.ts';
import { cachedNewest } from './cached-newest.ts';
import { expiringCache } from './expiring-cache.ts';
import { DamagedKey, type MasterKey } from './master-key.ts';
import { readOnce } from './read-once.ts';
import { supersession } from './supersession.ts';

/** RSAES-OAEP with SHA-256 (RFC 8017): https://learn.microsoft.com/azure/key-vault/keys/about-keys-details#wrapkeyunwrapkey-encryptdecrypt */
const ALGORITHM = 'RSA-OAEP-256';
/** Marks the versions of a key, which a secret of the same vault may precede. */
const PREFIX = 'key-';
/** Maximum unwrapped data keys in memory (about 5 MB). */
const MAX_DATA_KEYS = 20_000;

/** The part of `KeyClient` that is used here. */
export interface VaultKeys {
  getKey(name: string): Promise<{ readonly properties: { readonly version?: string } }>;
  getCryptographyClient(name: string, options: { keyVersion?: string }): WrappingKey;
}

interface WrappingKey {
  wrapKey(algorithm: typeof ALGORITHM, key: Uint8Array): Promise<{ readonly result: Uint8Array }>;
  unwrapKey(algorithm: typeof ALGORITHM, key: Uint8Array): Promise<{ readonly result: Uint8Array }>;
}

export interface VaultMasterKeyOptions {
  /** Opens the vault on first use. */
  readonly openVault: () => Promise<VaultKeys>;
  readonly keyName: string;
  /** The master key that this one replaces. It unwraps the data keys that are not rewrapped yet. */
  readonly previous: MasterKey | undefined;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs' | 'timer'>;
}

/**
 * A master key that never leaves its vault, which wraps and unwraps the data keys. Unwrapped data keys are cached, so that a command
 * of a known customer needs no call.
 */
export function vaultMasterKey({ openVault, keyName, previous, clock }: VaultMasterKeyOptions): MasterKey {
  let vault: Promise<VaultKeys> | undefined;
  const open = () => (vault ??= openVault());
  const { newest, refresh } = cachedNewest(async () => {
    const { properties } = await (await open()).getKey(keyName);
    return PREFIX + z.string().parse(properties.version);
  }, clock);
  const keys = new Map<string, WrappingKey>();
  const keyOf = async (version: string): Promise<WrappingKey> => {
    const keyVersion = version.slice(PREFIX.length);
    const key = keys.get(version) ?? (await open()).getCryptographyClient(keyName, { keyVersion });
    keys.set(version, key);
    return key;
  };
  const known = expiringCache<Promise<Buffer>>(MAX_DATA_KEYS, clock);
  const unwrap = async (version: string, wrapped: string): Promise<Buffer> => {
    const key = await keyOf(version);
    const { result } = await key
      .unwrapKey(ALGORITHM, Buffer.from(wrapped, 'base64'))
      .catch(damagedWhenRefused(version));
    return Buffer.from(result);
  };
  return {
    refresh,
    isSuperseded: supersession(newest, refresh),
    wrap: async (dataKey) => {
      const masterKeyVersion = await newest();
      const { result } = await (await keyOf(masterKeyVersion)).wrapKey(ALGORITHM, dataKey);
      const wrappedKey = Buffer.from(result).toString('base64');
      known.set(wrappedKey, Promise.resolve(dataKey));
      return { wrappedKey, masterKeyVersion };
    },
    unwrap: (stored) => {
      const { wrappedKey, masterKeyVersion } = stored;
      if (previous !== undefined && !masterKeyVersion.startsWith(PREFIX)) return previous.unwrap(stored);
      return readOnce(known, wrappedKey, () => unwrap(masterKeyVersion, wrappedKey));
    },
  };
}

/** The vault returns 400 when a value was not wrapped with this version. All other errors may be transient. */
function damagedWhenRefused(version: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 400)
      throw new DamagedKey(version, { cause: error });
    throw error;
  };
}
