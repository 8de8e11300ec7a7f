import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { appCredential } from '../credential.ts';
import { KEY_BYTES } from './cipher.ts';

/** One version of the master key: what customers' data keys are wrapped under. */
export interface MasterKeyVersion {
  readonly version: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** The master key with all versions that are still needed. Methods throw when it cannot be read. */
export interface MasterKey {
  /** What new data keys are wrapped under; a new version is noticed within an hour, in a file at once. */
  newest(): Promise<MasterKeyVersion>;
  /** The same, looked up now. */
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

/** A command may wait for a vault: its tries are few and end soon. */
const RETRY_OPTIONS = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 };

/** A vault is asked for the newest version this often (ms). */
const NEWEST_FOR_MS = 3_600_000;

const keyText = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === KEY_BYTES, `must be ${KEY_BYTES} bytes in base64`);

/** The file: its versions by name, the newest one last. */
export const masterKeyFile = z.record(z.string().min(1), keyText);

/** Opens the master key; nothing is read before it is needed. */
export function openMasterKey(location: MasterKeyLocation): MasterKey {
  return location.kind === 'file'
    ? fileMasterKey(location.path)
    : cachedMasterKey(async () => {
        // Loaded when it is needed, since a cold start has no use for it.
        const { SecretClient } = await import('@azure/keyvault-secrets');
        return new SecretClient(location.vaultUrl, appCredential(location.clientId), { retryOptions: RETRY_OPTIONS });
      }, location.secretName);
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
    throw new Error(`${path} lacks a version of the master key that data keys are wrapped under.`);
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

/** As much of a vault's client as is needed. */
export interface SecretReader {
  getSecret(
    name: string,
    options?: { readonly version?: string },
  ): Promise<{ readonly value?: string; readonly properties: { readonly version?: string } }>;
}

/**
 * A secret's versions, each read once.
 * @param now milliseconds since 1970
 */
export function cachedMasterKey(
  openVault: () => Promise<SecretReader>,
  secretName: string,
  now: () => number = Date.now,
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
    /** A vault that cannot be reached keeps nobody from going on with the version that was the newest. */
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
