import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ZipFile } from './zip.ts';

/** The function apps, each a package. */
export const APPS = ['commands', 'sync', 'queries'] as const;
export type App = (typeof APPS)[number];

/**
 * What an app is deployed as: its bundle, what lies beside it, host.json, and a package.json that names the bundle. The Functions host
 * brings `@azure/functions-core`, everything else is in the bundle. Source maps stay here: they are four times as big.
 */
export async function packageFiles(root: string, app: App): Promise<readonly ZipFile[]> {
  const folder = join(root, 'dist', app);
  const built = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = built.filter((entry) => entry.isFile() && !entry.name.endsWith('.map'));
  const files = await Promise.all(
    paths.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return { name: path.slice(folder.length + 1).replaceAll('\\', '/'), content: await readFile(path) };
    }),
  );
  if (!files.some(({ name }) => name === 'index.cjs')) throw new Error(`${folder} has no bundle: npm run build`);
  return [
    ...files,
    { name: 'host.json', content: await readFile(join(root, 'host.json')) },
    {
      name: 'package.json',
      content: Buffer.from(`${JSON.stringify({ name: `orders-${app}`, private: true, main: 'index.cjs' }, null, 2)}\n`),
    },
  ];
}
