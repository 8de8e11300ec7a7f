import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { KEY_BYTES, unwrapKey } from '../src/shared/personal-data/cipher.ts';
import { wrappedKey } from '../src/shared/personal-data/data-keys.ts';
import { masterKeyFile } from '../src/shared/personal-data/readable-master-key.ts';
import { makePrivate } from './private-files.ts';
import { StartFault } from './start-fault.ts';

/**
 * Creates the master key file with a first version, unless it already exists.
 * @throws {StartFault} when the file is damaged
 */
export async function createMasterKey(path: string): Promise<void> {
  await makePrivate(path);
  const versions = await readVersions(path);
  if (versions.size === 0) await addVersion(path, versions);
}

/**
 * Adds a version of the master key, which wraps new data keys from now on. Returns its name.
 * @throws {StartFault} when the file is damaged
 */
export async function rotateMasterKey(path: string): Promise<string> {
  return addVersion(path, await readVersions(path));
}

const STORED_KEYS = `
  SELECT KeyId AS keyId, WrappedKey AS wrappedKey, MasterKeyVersion AS masterKeyVersion
  FROM CustomerKeys WHERE KeyId IS NOT NULL
  UNION ALL SELECT KeyId, WrappedKey, MasterKeyVersion FROM RetiredCustomerKeys`;

/**
 * Checks that the master key file can unwrap data keys of a write store: at least one for each version of the master key, so that a
 * single damaged data key does not prevent a start.
 * @param database the write store
 * @throws {StartFault} when the file is missing, is damaged, or belongs to another write store
 */
export async function requireMasterKey(path: string, database: DatabaseSync): Promise<void> {
  const stored = z.array(wrappedKey).parse(database.prepare(STORED_KEYS).all());
  if (stored.length === 0) return;
  const folder = dirname(path);
  const wayOut = `restore the file from a backup, or remove the folder ${folder} to start from nothing.`;
  const versions = await readVersions(path, wayOut);
  if (versions.size === 0) {
    throw new StartFault(`${path} is missing, and only this key can decrypt the personal data in ${folder}: ${wayOut}`);
  }
  for (const [version, keys] of Map.groupBy(stored, ({ masterKeyVersion }) => masterKeyVersion)) {
    const masterKey = versions.get(version);
    if (masterKey !== undefined && keys.some((key) => canUnwrap(key.wrappedKey, masterKey))) continue;
    throw new StartFault(`${path} is not the key that encrypted the personal data in ${folder}: ${wayOut}`);
  }
}

function canUnwrap(wrapped: string, masterKey: Buffer): boolean {
  try {
    unwrapKey(wrapped, masterKey);
    return true;
  } catch {
    return false;
  }
}

/** Versions by name, the newest one last; none when there is no file. */
async function readVersions(
  path: string,
  wayOut = 'restore it from a backup, or remove it if nothing was encrypted with it yet.',
): Promise<ReadonlyMap<string, Buffer>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    return new Map(Object.entries(masterKeyFile.parse(JSON.parse(text))));
  } catch (cause) {
    throw new StartFault(`${path} is damaged: ${wayOut}`, { cause });
  }
}

/** Writes a temporary file and renames it, so that concurrent readers see the old file or the new one. */
async function addVersion(path: string, versions: ReadonlyMap<string, Buffer>): Promise<string> {
  // Not a bare number: JavaScript orders integer keys before all others.
  const version = `v${versions.size + 1}`;
  const next = new Map([...versions, [version, randomBytes(KEY_BYTES)] as const]);
  const content = Object.fromEntries([...next].map(([name, key]) => [name, key.toString('base64')]));
  await writeFile(`${path}.new`, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return version;
}
