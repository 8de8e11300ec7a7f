/** Options for esbuild. Does not load esbuild. */
import { resolve } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** The function apps. */
export const APPS = ['commands', 'sync', 'queries'] as const;
export type App = (typeof APPS)[number];

export const OUTDIR = 'dist';

export const SHARED_OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node22.13',
  // The host provides `@azure/functions-core`. Only developers have DuckDB, which computes reports on their machines.
  external: ['@azure/functions-core', '@duckdb/node-api'],
  logLevel: 'warning',
} satisfies BuildOptions;

/** `import()` becomes a deferred `require`, so that each SDK is loaded as CommonJS: as ES modules, the Azure SDKs lose their tracing spans. */
export const COMMONJS = { format: 'cjs', supported: { 'dynamic-import': false } } as const;

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
  absWorkingDir: resolve('.'),
} satisfies BuildOptions;
