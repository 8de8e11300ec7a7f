/** Bundles each function app into one CommonJS file, as it is deployed: `npm run build`. */
import { build } from 'esbuild';
import { BUNDLE, copyFiles } from './bundle.ts';
import { readOptions } from './cli/read-options.ts';

const { values } = readOptions({ options: { help: { type: 'boolean', short: 'h' } } });

if (values.help) {
  console.log(
    'Bundles each function app into dist/<name>/index.cjs, as it is deployed.\n\n  npm run build\n\n"npm start" needs no build; "npm start -- --watch" restarts the functions on every change.',
  );
} else {
  await copyFiles(BUNDLE);
  await build(BUNDLE);
}
