import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { KEY_BYTES } from '../src/shared/personal-data/cipher.ts';

/** Creates the master key file with a first version, unless it already exists. */
export async function createMasterKey(path: string): Promise<void> {
  const versions = await readVersions(path);
  if (Object.keys(versions).length === 0) await addVersion(path, versions);
}

/** Adds a version of the master key, which wraps new data keys from now on. Returns its name. */
export async function rotateMasterKey(path: string): Promise<string> {
  return addVersion(path, await readVersions(path));
}

async function readVersions(path: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  return JSON.parse(text);
}

/** Writes a temporary file and renames it, so that concurrent readers see the old file or the new one. */
async function addVersion(path: string, versions: Readonly<Record<string, string>>): Promise<string> {
  // Not a bare number: JavaScript orders integer keys before all others.
  const version = `v${Object.keys(versions).length + 1}`;
  const next = { ...versions, [version]: randomBytes(KEY_BYTES).toString('base64') };
  await writeFile(`${path}.new`, `${JSON.stringify(next, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return version;
}
