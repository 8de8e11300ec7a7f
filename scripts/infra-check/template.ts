import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import type { Finding } from './finding.ts';
import { type BicepFile, readBicep } from './read-file.ts';

/** All of `infra/`, read. */
export interface Template {
  /** The .bicep files that could be read, by path from the project's root. */
  readonly files: ReadonlyMap<string, BicepFile>;
  readonly parameterFiles: readonly BicepFile[];
  /** Texts of the other files (policies, queries, JSON), by path from the project's root. */
  readonly texts: ReadonlyMap<string, string>;
  readonly syntaxErrors: readonly Finding[];
}

/** Where `main.bicep` is, from the project's root. */
export const MAIN = 'infra/main.bicep';

/** Reads the folder `infra` below `root`. */
export async function readTemplate(root: string): Promise<Template> {
  const found = await readdir(join(root, 'infra'), { recursive: true, withFileTypes: true });
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(root, posix.join(entry.parentPath, entry.name)))
    .sort();
  return templateOf(
    new Map(await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const))),
  );
}

/** A template from the texts of its files. */
export function templateOf(texts: ReadonlyMap<string, string>): Template {
  const others = [...texts].filter(([path]) => !isBicep(path));
  const read = [...texts].filter(([path]) => isBicep(path)).map(([path, text]) => readBicep(path, text));
  const files = read.flatMap((result) => (result.kind === 'file' ? [result.file] : []));
  return {
    files: new Map(files.filter(({ path }) => path.endsWith('.bicep')).map((file) => [file.path, file])),
    parameterFiles: files.filter(({ path }) => path.endsWith('.bicepparam')),
    texts: new Map(others),
    syntaxErrors: read.flatMap((result) => (result.kind === 'errors' ? result.errors : [])),
  };
}

const isBicep = (path: string) => /\.bicep(param)?$/.test(path);

/** The path that a file means by a path of its own, from the project's root. */
export const pathFrom = (file: BicepFile, path: string): string => posix.join(dirname(file.path), path);
