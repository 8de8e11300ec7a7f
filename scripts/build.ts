/** Bundles each function app into one CommonJS file: `npm run build [-- --watch]`. */
import { cp, mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { build, context } from 'esbuild';
import { BUNDLE } from './bundle.ts';
import { readOptions } from './cli/read-options.ts';

const { values } = readOptions({ options: { watch: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });

/** Static files that the query app serves: the OpenAPI document, and what the page that shows it loads. */
const DOCS = [
  'docs/openapi.json',
  'src/queries/docs/start.js',
  ...['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png', 'LICENSE', 'NOTICE'].map(
    (name) => `node_modules/swagger-ui-dist/${name}`,
  ),
];

async function copyDocs(): Promise<void> {
  const folder = 'dist/queries/docs';
  await mkdir(folder, { recursive: true });
  await Promise.all(DOCS.map((file) => cp(file, `${folder}/${basename(file)}`)));
}

if (!values.help) await copyDocs();
if (values.help) {
  console.log(
    'Bundles each function app into dist/<name>/index.cjs.\n\n  npm run build [-- --watch]\n\n  --watch   rebuild on every change',
  );
} else if (values.watch) {
  await (await context({ ...BUNDLE, logLevel: 'info' })).watch();
} else {
  await build(BUNDLE);
}
