/** Bundles the function apps as they are deployed: `npm run build`. */
import { readOptions } from '../cli/read-options.ts';
import { bundleApp } from './bundle.ts';
import { copyFiles } from './files.ts';
import { APPS, OUTDIR } from './options.ts';
import { bytesAtStart, weightsOf } from './weights.ts';

/** Bytes that an app may load before it knows its settings. More makes each start of an instance slower. */
const LIMIT_AT_START = 1_000_000;

const USAGE = `Bundles each function app into dist/<name>/index.cjs, as it is deployed.

  npm run build [-- --why]

  --why    also lists what is loaded at the start and what later, and what weighs in it
  --help   shows this help

"npm start" needs no build; "npm start -- --watch" restarts the functions on every change.`;

const { values } = readOptions({ options: { why: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });

if (values.help) {
  console.log(USAGE);
} else {
  const built = await Promise.all(APPS.map(async (app) => ({ app, metafile: await bundleApp(app) })));
  await copyFiles({ outdir: OUTDIR });
  if (values.why) for (const { app, metafile } of built) console.log(weightsOf(app, metafile));
  for (const { app, metafile } of built) {
    const bytes = bytesAtStart(metafile);
    if (bytes > LIMIT_AT_START) {
      console.error(
        `The app ${app} loads ${bytes} bytes at its start; the limit is ${LIMIT_AT_START}. See "npm run build -- --why", and use import() for what only a setting or one function needs.`,
      );
      process.exitCode = 1;
    }
  }
}
