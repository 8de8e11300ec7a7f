import { cp, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE } from '../../../scripts/bundle.ts';

/** Builds the next version of the app, in which every projection is another one; returns its folder, for a host to run. */
export async function buildNextVersion(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-next-'));
  await Promise.all([
    ...['host.json', 'local.settings.json', 'package.json'].map((file) => cp(file, join(folder, file))),
    cp('dist', join(folder, 'dist'), { recursive: true, filter: (path) => !path.includes('dist/sync') }),
    symlink(resolve('node_modules'), join(folder, 'node_modules')),
    build({
      ...BUNDLE,
      entryPoints: [{ in: 'test/support/projections/next-version-entry.ts', out: 'sync/index' }],
      outdir: join(folder, 'dist'),
    }),
  ]);
  return folder;
}
