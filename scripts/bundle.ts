import { cp, mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import type { BuildOptions } from 'esbuild';

const APPS = ['commands', 'sync', 'queries'];

/**
 * The esbuild options for the function apps. CommonJS, because the Azure SDKs lose their tracing spans as ES modules; one file
 * per app, because it loads twice as fast. The host provides `@azure/functions-core`.
 */
export const BUNDLE = {
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

/** Copies the query app's static files into the folder of its bundle. */
export async function copyDocs({ outdir }: Pick<typeof BUNDLE, 'outdir'>): Promise<void> {
  const folder = `${outdir}/queries/docs`;
  await mkdir(folder, { recursive: true });
  await Promise.all(DOCS.map((file) => cp(file, `${folder}/${basename(file)}`)));
}
