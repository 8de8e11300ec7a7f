import { cp, mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

const APPS = ['commands', 'sync', 'queries'];

/**
 * Modules that only one setting needs, and the apps that load them. Each becomes a file next to the app's bundle, which loads it with
 * `import()` on first use.
 */
const LOADED_BY_SETTING = [
  { module: 'src/queries/reports/synapse-reports.ts', apps: ['queries'] },
  { module: 'src/queries/reports/duckdb-reports.ts', apps: ['queries'] },
  { module: 'src/shared/search/search-sdk.ts', apps: ['sync', 'queries'] },
];

const nameOf = (module: string) => basename(module, '.ts');

/** Leaves the import of such a module to the time when the app runs. */
const keepImports: Plugin = {
  name: 'keep-imports',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\// }, ({ kind, path, resolveDir }) => {
      const file = join(resolveDir, path).replaceAll('\\', '/');
      const loaded = LOADED_BY_SETTING.find(({ module }) => kind === 'dynamic-import' && file.endsWith(`/${module}`));
      return loaded === undefined ? undefined : { path: `./${nameOf(loaded.module)}.cjs`, external: true };
    });
  },
};

/**
 * The esbuild options for the function apps. CommonJS, because the Azure SDKs lose their tracing spans as ES modules; one file
 * per app, because it loads twice as fast, apart from what only one setting needs. The host provides `@azure/functions-core`.
 */
export const BUNDLE = {
  entryPoints: [
    ...APPS.map((name) => ({ in: `src/${name}/index.ts`, out: `${name}/index` })),
    ...LOADED_BY_SETTING.flatMap(({ module, apps }) =>
      apps.map((name) => ({ in: module, out: `${name}/${nameOf(module)}` })),
    ),
  ],
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node22.13',
  format: 'cjs',
  // Only developers have DuckDB, which computes reports on their machines.
  external: ['@azure/functions-core', '@duckdb/node-api'],
  plugins: [keepImports],
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions;

/** The options for `npm start`: only the project's own code, readable for a debugger. It is bundled in a fraction of a second. */
export const LOCAL_BUNDLE = {
  ...BUNDLE,
  outdir: 'dist/local',
  packages: 'external',
  minify: false,
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
export async function copyFiles({ outdir }: Pick<typeof BUNDLE, 'outdir'>): Promise<void> {
  await copyInto(`${outdir}/queries/docs`, DOCS);
  const views = await readdir(VIEWS);
  await copyInto(
    `${outdir}/queries/views`,
    views.map((name) => `${VIEWS}/${name}`),
  );
}

async function copyInto(folder: string, files: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(files.map((file) => cp(file, `${folder}/${basename(file)}`)));
}
