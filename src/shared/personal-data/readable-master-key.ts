import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { Clock } from '../runtime.ts';
import { cachedNewest } from './cached-newest.ts';
import { KEY_BYTES, unwrapKey, wrapKey } from './cipher.ts';
import { MAX_VERSION_LENGTH } from './data-keys.ts';
import { DamagedKey, type MasterKey } from './master-key.ts';
import { readOnce } from './read-once.ts';
import { supersession } from './supersession.ts';

/** One version of the master key, which wraps customers' data keys. */
export interface MasterKeyVersion {
  readonly version: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** The versions of a master key whose bytes the app can read. Methods throw when they cannot be read. */
export interface MasterKeyVersions {
  /** Returns the version that wraps new data keys. Notices a new version within an hour in a key vault, and immediately in a file. */
  newest(): Promise<MasterKeyVersion>;
  /** Returns the newest version without using the cache. */
  refresh(): Promise<MasterKeyVersion>;
  version(version: string): Promise<MasterKeyVersion>;
}

const keyText = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === KEY_BYTES, `must be ${KEY_BYTES} bytes in base64`);

/** Content of the key file: versions by name, the newest one last. The ids of data keys start with the name of their version. */
export const masterKeyFile = z.record(
  z
    .string()
    .min(1)
    .max(MAX_VERSION_LENGTH, `the name of a version of the master key has at most ${MAX_VERSION_LENGTH} characters`),
  keyText,
);

/** A master key that wraps data keys with AES Key Wrap (RFC 3394) in this process. */
export function readableMasterKey(versions: MasterKeyVersions): MasterKey {
  const newest = async () => (await versions.newest()).version;
  const refresh = async () => (await versions.refresh()).version;
  return {
    refresh,
    isSuperseded: supersession(newest, refresh),
    wrap: async (dataKey) => {
      const { version, key } = await versions.newest();
      return { wrappedKey: wrapKey(dataKey, key), masterKeyVersion: version };
    },
    unwrap: async ({ wrappedKey, masterKeyVersion }) => {
      const { key } = await versions.version(masterKeyVersion);
      try {
        return unwrapKey(wrappedKey, key);
      } catch (cause) {
        throw new DamagedKey(masterKeyVersion, { cause });
      }
    },
  };
}

/** The master key in a file. The file is read again only after it has changed. */
export function fileMasterKey(path: string): MasterKeyVersions {
  const known = new Map<string, MasterKeyVersion>();
  let readState: string | undefined;
  const read = async (): Promise<void> => {
    const state = stateOfFile(path);
    const versions = masterKeyFile.parse(JSON.parse(await readFile(path, 'utf8')));
    for (const [version, key] of Object.entries(versions)) known.set(version, { version, key });
    readState = state;
  };
  const orThrow = (found: MasterKeyVersion | undefined): MasterKeyVersion => {
    if (found !== undefined) return found;
    throw new Error(`${path} lacks a version of the master key that wraps stored data keys.`);
  };
  const newestKnown = () => orThrow([...known.values()].at(-1));
  const refresh = async () => {
    await read();
    return newestKnown();
  };
  return {
    newest: async () => (stateOfFile(path) === readState ? newestKnown() : refresh()),
    refresh,
    version: async (version) => {
      if (!known.has(version)) await read();
      return orThrow(known.get(version));
    },
  };
}

/**
 * Returns a value that changes when the file does: a rotation replaces the file with a longer one. Every command calls this. Reading the
 * file would take a fifth of a command's CPU time, mostly in the thread pool; this synchronous call takes a few microseconds.
 */
function stateOfFile(path: string): string {
  const { ino, size, mtimeNs } = statSync(path, { bigint: true });
  return `${ino} ${size} ${mtimeNs}`;
}

/** The part of a key vault client that is used here. */
export interface SecretReader {
  getSecret(
    name: string,
    options?: { readonly version?: string },
  ): Promise<{ readonly value?: string; readonly properties: { readonly version?: string } }>;
}

/** The versions of a key vault secret, each cached after one read. */
export function cachedMasterKey(
  openVault: () => Promise<SecretReader>,
  secretName: string,
  clock: Pick<Clock, 'now'>,
): MasterKeyVersions {
  let vault: Promise<SecretReader> | undefined;
  const versions = new Map<string, Promise<MasterKeyVersion>>();
  const read = async (version?: string): Promise<MasterKeyVersion> => {
    vault ??= openVault();
    const secret = await (await vault).getSecret(secretName, version === undefined ? {} : { version });
    return { version: z.string().parse(secret.properties.version), key: keyText.parse(secret.value) };
  };
  const newest = cachedNewest(async () => {
    const found = await read();
    versions.set(found.version, Promise.resolve(found));
    return found;
  }, clock);
  return {
    ...newest,
    version: (version) => readOnce(versions, version, () => read(version)),
  };
}
