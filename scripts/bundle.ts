import type { BuildOptions } from 'esbuild';

const APPS = ['commands', 'sync', 'queries'];

/**
 * The esbuild options for the function apps. CommonJS, because the Azure SDKs lose their tracing spans as ES modules; one file
 * per app, because it loads twice as fast. The host provides `@azure/functions-core`.
 */
export const BUNDLE: BuildOptions = {
  entryPoints: APPS.map((name) => ({ in: `src/${name}/index.ts`, out: `${name}/index` })),
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node22.13',
  format: 'cjs',
  external: ['@azure/functions-core'],
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  legalComments: 'none',
  logLevel: 'warning',
};
