import { cp, mkdtemp, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { BUNDLE } from '../../../scripts/bundle.ts';

/** The version of every projection in the next version of the app. */
export const NEXT_VERSION = 99;
/** What the customer's name on the order page ends in then, so that a document in the new form can be told by what it shows. */
export const NEXT_NAME_ENDING = ', as of the next version';

/** Files with a projection's version, each with what else changes in it. */
const CHANGES: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  'shared/read-models/order-details.ts': [
    [/\.\.\.order, version/, `...order, customerName: order.customerName + '${NEXT_NAME_ENDING}', version`],
  ],
  'sync/customer-orders.ts': [],
  'sync/order-search.ts': [],
  'sync/sales-daily.ts': [],
  'sync/shipping-board.ts': [],
};
const VERSION = [/\n {2}version: \d+,/, `\n  version: ${NEXT_VERSION},`] as const;

/** Rewrites sources while they are bundled. Fails when a source has no longer what is to be replaced. */
const nextVersion: Plugin = {
  name: 'next-version',
  setup: ({ onLoad }) => {
    for (const [file, changes] of Object.entries(CHANGES)) {
      const path = resolve('src', file);
      onLoad({ filter: new RegExp(`^${path.replaceAll(/[.\\/]/g, '\\$&')}$`) }, async () => {
        let contents = await readFile(path, 'utf8');
        for (const [pattern, replacement] of [VERSION, ...changes]) {
          if (!pattern.test(contents)) throw new Error(`${file} has no ${pattern}.`);
          contents = contents.replace(pattern, replacement);
        }
        return { contents, loader: 'ts' };
      });
    }
  },
};

/** Builds the next version of the app, in which every projection is another one; returns its folder, for a host to run. */
export async function buildNextVersion(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-next-'));
  await Promise.all([
    ...['host.json', 'local.settings.json', 'package.json'].map((file) => cp(file, join(folder, file))),
    cp('dist', join(folder, 'dist'), { recursive: true, filter: (path) => !path.includes('dist/sync') }),
    symlink(resolve('node_modules'), join(folder, 'node_modules')),
    build({
      ...BUNDLE,
      entryPoints: [{ in: 'src/sync/index.ts', out: 'sync/index' }],
      outdir: join(folder, 'dist'),
      plugins: [nextVersion],
    }),
  ]);
  return folder;
}
