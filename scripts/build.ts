/** Bundles each deployable into one CommonJS file: `npm run build [-- --watch]`. */
import { parseArgs } from 'node:util';
import { type BuildOptions, build, context } from 'esbuild';

const { values } = parseArgs({ options: { watch: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });

const DEPLOYABLES = ['commands', 'sync', 'queries'];

/**
 * CommonJS, since the Azure SDKs lose their spans as ES modules; one file, since they load twice as fast that way. The host
 * provides `@azure/functions-core` itself.
 */
const options: BuildOptions = {
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

if (values.help) {
  console.log('Bundles each deployable into dist/<name>/index.cjs.\n\n  npm run build [-- --watch]   --watch: again at every change');
} else if (values.watch) {
  await (await context({ ...options, logLevel: 'info' })).watch();
} else {
  await build(options);
}
