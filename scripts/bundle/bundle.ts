import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin, transform } from 'esbuild';

/** The function apps. */
export const APPS = ['commands', 'sync', 'queries'] as const;
export type App = (typeof APPS)[number];

export const OUTDIR = 'dist';

const SHARED_OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node22.13',
  // The host provides `@azure/functions-core`. Only developers have DuckDB, which computes reports on their machines.
  external: ['@azure/functions-core', '@duckdb/node-api'],
  logLevel: 'warning',
} satisfies BuildOptions;

/** `import()` becomes a deferred `require`, so that each SDK is loaded as CommonJS: as ES modules, the Azure SDKs lose their tracing spans. */
const COMMONJS = { format: 'cjs', supported: { 'dynamic-import': false } } as const;

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
    keepNames: true,
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

/** The options for `npm start`: only the project's own code, readable for a debugger. It is bundled in a fraction of a second. */
export const LOCAL_BUNDLE = {
  ...SHARED_OPTIONS,
  ...COMMONJS,
  entryPoints: APPS.map((name) => ({ in: `src/${name}/index.ts`, out: `${name}/index` })),
  outdir: 'dist/local',
  outExtension: { '.js': '.cjs' },
  packages: 'external',
  sourcemap: 'linked',
  sourcesContent: false,
} satisfies BuildOptions;

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

/** Other programs may read or write the same file meanwhile: each finds the old or the new one, never a part. */
export async function writeWhole(path: string, contents: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(temporary, contents);
  await rename(temporary, path);
}
