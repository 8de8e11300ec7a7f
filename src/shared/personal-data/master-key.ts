import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { appCredential } from '../credential.ts';
import type { Clock } from '../runtime.ts';
import { KEY_BYTES } from './cipher.ts';

/** One version of the master key, which wraps customers' data keys. */
export interface MasterKeyVersion {
  readonly version: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** The master key with all versions that are still in use. Methods throw when it cannot be read. */
export interface MasterKey {
  /** Returns the version that wraps new data keys. Notices a new version within an hour in a key vault, and immediately in a file. */
  newest(): Promise<MasterKeyVersion>;
  /** Returns the newest version without using the cache. */
  refresh(): Promise<MasterKeyVersion>;
  version(version: string): Promise<MasterKeyVersion>;
}

/** Where the master key is: a file, or a secret in a key vault. */
export type MasterKeyLocation =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'keyVault';
      readonly vaultUrl: string;
      readonly secretName: string;
      readonly clientId: string | undefined;
    };

/** Few and short retries, because a command may be waiting for the vault. */
const RETRY_OPTIONS = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 };

/** How long (ms) the newest version is cached. */
const NEWEST_FOR_MS = 3_600_000;

const keyText = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === KEY_BYTES, `must be ${KEY_BYTES} bytes in base64`);

/** Content of the key file: versions by name, the newest one last. */
export const masterKeyFile = z.record(z.string().min(1), keyText);

/** Opens the master key. Nothing is read until it is needed. */
export function openMasterKey(location: MasterKeyLocation, clock: Pick<Clock, 'now'>): MasterKey {
  return location.kind === 'file'
    ? fileMasterKey(location.path)
    : cachedMasterKey(() => openVault(location), location.secretName, clock);
}

/** Loads the SDK on demand, because a cold start does not need it. */
async function openVault({
  vaultUrl,
  clientId,
}: Extract<MasterKeyLocation, { readonly kind: 'keyVault' }>): Promise<SecretReader> {
  const { SecretClient } = await import('@azure/keyvault-secrets');
  return new SecretClient(vaultUrl, appCredential(clientId), { retryOptions: RETRY_OPTIONS });
}

function fileMasterKey(path: string): MasterKey {
  const known = new Map<string, MasterKeyVersion>();
  const read = async (): Promise<MasterKeyVersion | undefined> => {
    const versions = masterKeyFile.parse(JSON.parse(await readFile(path, 'utf8')));
    for (const [version, key] of Object.entries(versions)) known.set(version, { version, key });
    return [...known.values()].at(-1);
  };
  const orThrow = (found: MasterKeyVersion | undefined): MasterKeyVersion => {
    if (found !== undefined) return found;
    throw new Error(`${path} lacks a version of the master key that wraps stored data keys.`);
  };
  const newest = async () => orThrow(await read());
  return {
    newest,
    refresh: newest,
    version: async (version) => {
      if (!known.has(version)) await read();
      return orThrow(known.get(version));
    },
  };
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
  { now }: Pick<Clock, 'now'>,
): MasterKey {
  let vault: Promise<SecretReader> | undefined;
  let newest: { readonly read: Promise<MasterKeyVersion>; readonly until: number } | undefined;
  const versions = new Map<string, Promise<MasterKeyVersion>>();
  const read = async (version?: string): Promise<MasterKeyVersion> => {
    vault ??= openVault();
    const secret = await (await vault).getSecret(secretName, version === undefined ? {} : { version });
    return { version: z.string().parse(secret.properties.version), key: keyText.parse(secret.value) };
  };
  const refresh = (): Promise<MasterKeyVersion> => {
    const before = newest;
    const reading = read();
    newest = { read: reading, until: now() + NEWEST_FOR_MS };
    reading.then(
      ({ version }) => versions.set(version, reading),
      () => {
        newest = before;
      },
    );
    return reading;
  };
  return {
    refresh,
    /** Falls back to the last known version when the vault cannot be reached. */
    newest: async () => {
      if (newest === undefined) return refresh();
      const { read: known, until } = newest;
      return now() < until ? known : refresh().catch(() => known);
    },
    version: (version) => {
      const known = versions.get(version);
      if (known !== undefined) return known;
      const reading = read(version);
      versions.set(version, reading);
      reading.catch(() => versions.delete(version));
      return reading;
    },
  };
}
