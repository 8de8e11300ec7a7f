import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile, type Plugin, transform } from 'esbuild';
import { type App, COMMONJS, OUTDIR, SHARED_OPTIONS } from './options.ts';

/** Packages of Azure are bundled once, although some of them are imported here and required by others, which would bundle both of their builds. */
const ONE_BUILD: Plugin = {
  name: 'one-build',
  setup: ({ onResolve, resolve }) => {
    onResolve({ filter: /^@(azure|typespec)\// }, ({ kind, path, resolveDir }) =>
      kind === 'require-call' ? resolve(path, { kind: 'import-statement', resolveDir }) : undefined,
    );
  },
};

/**
 * Bundles an app into dist/<app>/index.cjs, as it is deployed. What the app loads with `import()`, because only a setting needs it, goes
 * into files of its own next to it. esbuild splits only ES modules, so the files are converted to CommonJS afterwards.
 * @param entry source file of the app
 * @returns what each file consists of
 */
export async function bundleApp(app: App, entry = `src/${app}/index.ts`, outdir = OUTDIR): Promise<Metafile> {
  const folder = join(outdir, app);
  await rm(folder, { recursive: true, force: true });
  const { outputFiles, metafile } = await build({
    ...SHARED_OPTIONS,
    entryPoints: [{ in: entry, out: 'index' }],
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    plugins: [ONE_BUILD],
    format: 'esm',
    splitting: true,
    minify: true,
    legalComments: 'none',
    metafile: true,
    write: false,
  });
  await mkdir(folder, { recursive: true });
  await Promise.all(
    outputFiles.map(async ({ path, text }) => {
      const { code } = await transform(text, {
        ...COMMONJS,
        platform: 'node',
        target: SHARED_OPTIONS.target,
        minify: true,
      });
      await writeFile(path, code);
    }),
  );
  return metafile;
}
