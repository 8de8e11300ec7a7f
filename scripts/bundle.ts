import type { BuildOptions } from 'esbuild';

const DEPLOYABLES = ['commands', 'sync', 'queries'];

/**
 * How each deployable is bundled. CommonJS, since the Azure SDKs lose their spans as ES modules; one file, since they load
 * twice as fast that way. The host provides `@azure/functions-core` itself.
 */
export const BUNDLE: BuildOptions = {
  entryPoints: DEPLOYABLES.map((name) => ({ in: `src/${name}/index.ts`, out: `${name}/index` })),
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
