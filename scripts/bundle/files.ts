import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** Static files that the query app serves: the OpenAPI document, and what the page that shows it loads. */
const DOCS = [
  'docs/openapi.json',
  'src/queries/docs/start.js',
  ...['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png', 'LICENSE', 'NOTICE'].map(
    (name) => `node_modules/swagger-ui-dist/${name}`,
  ),
];

/** The bodies of the reports' views. */
const VIEWS = 'src/queries/reports/views';

/** Copies the query app's static files into the folder of its bundle. */
export async function copyFiles({ outdir }: Pick<BuildOptions, 'outdir'>): Promise<void> {
  await copyInto(`${outdir}/queries/docs`, DOCS);
  const views = await readdir(VIEWS);
  await copyInto(
    `${outdir}/queries/views`,
    views.map((name) => `${VIEWS}/${name}`),
  );
}

async function copyInto(folder: string, files: readonly string[]): Promise<void> {
  await Promise.all(files.map(async (file) => writeWhole(join(folder, basename(file)), await readFile(file))));
}

/** Replaces a file as a whole: programs that read or write it at the same time find the old or the new contents, never a part. */
export async function writeWhole(path: string, contents: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(temporary, contents);
  await rename(temporary, path);
}
