import { cp, mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

const APPS = ['commands', 'sync', 'queries'];

/** The SDK of Azure AI Search is only for systems that have the service, so it is in a file of its own beside the bundles that load it. */
const SEARCH_SDK = 'search-sdk';
const WITH_SEARCH = ['sync', 'queries'];

const searchSdk: Plugin = {
  name: SEARCH_SDK,
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/search-sdk\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: `./${SEARCH_SDK}.cjs`, external: true } : undefined,
    );
  },
};

/**
 * The esbuild options for the function apps. CommonJS, because the Azure SDKs lose their tracing spans as ES modules; one file
 * per app, because it loads twice as fast. The host provides `@azure/functions-core`.
 */
export const BUNDLE = {
  entryPoints: [
    ...APPS.map((name) => ({ in: `src/${name}/index.ts`, out: `${name}/index` })),
    ...WITH_SEARCH.map((name) => ({ in: 'src/shared/search/search-sdk.ts', out: `${name}/${SEARCH_SDK}` })),
  ],
  plugins: [searchSdk],
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
