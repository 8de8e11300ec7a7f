import { cp, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleApp } from '../../../scripts/bundle/bundle.ts';

/** Builds the next version of the app, with a new version of every projection. Returns its folder, from which a host can run it. */
export async function buildNextVersion(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-next-'));
  await mkdir(join(folder, 'dist'));
  await Promise.all([
    ...['host.json', 'local.settings.json', 'package.json'].map((file) => cp(file, join(folder, file))),
    ...['node_modules', 'dist/commands', 'dist/queries'].map((path) => symlink(resolve(path), join(folder, path))),
    bundleApp('sync', 'test/support/projections/next-version-entry.ts', join(folder, 'dist')),
  ]);
  return folder;
}
