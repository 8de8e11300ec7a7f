import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** A .sql file of this folder. */
export interface SqlScript {
  /** Its path from here: `migrations/0001-write-model.sql`. */
  readonly name: string;
  /** SHA-256 (hex) of its text, the same for both kinds of line ends. */
  readonly hash: string;
  /** What stands between its GO lines: SQL Server takes one batch at a time. */
  readonly batches: readonly string[];
}

/** Reads `<folder>/*.sql` next to this file, by name. The files are not part of the bundles: migrating runs from the source. */
export async function readScripts(folder: 'migrations' | 'procedures'): Promise<readonly SqlScript[]> {
  const files = await readdir(new URL(`${folder}/`, import.meta.url));
  const names = files.filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(names.map((name) => readScript(`${folder}/${name}`)));
}

/** Reads one file by its path from here. */
export async function readScript(name: string): Promise<SqlScript> {
  const text = (await readFile(new URL(name, import.meta.url), 'utf8')).replaceAll('\r\n', '\n');
  const batches = text.split(/^GO[ \t]*$/im).filter((batch) => batch.trim() !== '');
  return { name, hash: createHash('sha256').update(text).digest('hex'), batches };
}
