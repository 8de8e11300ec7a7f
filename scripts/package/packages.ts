import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type App, OUTDIR } from '../bundle/options.ts';
import type { ZipFile } from './zip.ts';

/** Computes reports on a developer machine, with a database that is not part of the package. */
const FOR_DEVELOPERS = /^duckdb-reports-/;

/**
 * Collects the files of an app's package: the bundle, the files next to it, host.json, and a package.json whose `main` is the bundle.
 * The Functions host provides `@azure/functions-core`; everything else is in the bundle.
 */
export async function packageFiles(root: string, app: App): Promise<readonly ZipFile[]> {
  const folder = join(root, OUTDIR, app);
  const built = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = built.filter((entry) => entry.isFile() && !FOR_DEVELOPERS.test(entry.name));
  const files = await Promise.all(
    paths.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return { name: path.slice(folder.length + 1).replaceAll('\\', '/'), content: await readFile(path) };
    }),
  );
  if (!files.some(({ name }) => name === 'index.cjs'))
    throw new Error(`${folder} contains no bundle. Run "npm run build" first.`);
  return [
    ...files,
    { name: 'host.json', content: await readFile(join(root, 'host.json')) },
    {
      name: 'package.json',
      content: Buffer.from(`${JSON.stringify({ name: `orders-${app}`, private: true, main: 'index.cjs' }, null, 2)}\n`),
    },
  ];
}
