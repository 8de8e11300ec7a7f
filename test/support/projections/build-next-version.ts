import { cp, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleApp } from '../../../scripts/bundle/bundle.ts';

/** Builds the next version of the app, with a new version of every projection. Returns its folder, from which a host can run it. */
export async function buildNextVersion(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-next-'));
  await Promise.all([
    ...['host.json', 'local.settings.json', 'package.json'].map((file) => cp(file, join(folder, file))),
    cp('dist', join(folder, 'dist'), { recursive: true, filter: (path) => !path.includes('dist/sync') }),
    symlink(resolve('node_modules'), join(folder, 'node_modules')),
    bundleApp('sync', 'test/support/projections/next-version-entry.ts', join(folder, 'dist')),
  ]);
  return folder;
}
