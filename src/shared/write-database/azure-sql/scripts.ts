import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** A .sql file in this folder. */
export interface SqlScript {
  /** Path relative to this folder: `migrations/0001-write-model.sql`. */
  readonly name: string;
  /** SHA-256 (hex) of its text, independent of line endings. */
  readonly hash: string;
  /** The text between its GO lines. SQL Server executes one batch at a time. */
  readonly batches: readonly string[];
}

/** Reads `<folder>/*.sql` next to this file, sorted by name. The bundles do not contain them, so migrations run from source. */
export async function readScripts(folder: 'migrations' | 'procedures'): Promise<readonly SqlScript[]> {
  const files = await readdir(new URL(`${folder}/`, import.meta.url));
  const names = files.filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(names.map((name) => readScript(`${folder}/${name}`)));
}

/** Reads one file by its path relative to this folder. */
export async function readScript(name: string): Promise<SqlScript> {
  const text = (await readFile(new URL(name, import.meta.url), 'utf8')).replaceAll('\r\n', '\n');
  const batches = text.split(/^GO[ \t]*$/im).filter((batch) => batch.trim() !== '');
  return { name, hash: createHash('sha256').update(text).digest('hex'), batches };
}
