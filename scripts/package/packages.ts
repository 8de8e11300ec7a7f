import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ZipFile } from './zip.ts';

/** The function apps. Each one is deployed as a package. */
export const APPS = ['commands', 'sync', 'queries'] as const;
export type App = (typeof APPS)[number];

/** Computes reports on a developer machine, with a database that is not part of the package. */
const FOR_DEVELOPERS = 'duckdb-reports.cjs';

/**
 * Collects the files of an app's package: the bundle, the files next to it, host.json, and a package.json whose `main` is the bundle.
 * The Functions host provides `@azure/functions-core`; everything else is in the bundle. Source maps are left out, because they
 * are four times as large.
 */
export async function packageFiles(root: string, app: App): Promise<readonly ZipFile[]> {
  const folder = join(root, 'dist', app);
  const built = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = built.filter(
    (entry) => entry.isFile() && !entry.name.endsWith('.map') && entry.name !== FOR_DEVELOPERS,
  );
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
