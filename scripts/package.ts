import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { APPS } from './bundle/options.ts';
import { readOptions } from './cli/read-options.ts';
import { packageFiles } from './package/packages.ts';
import { zip } from './package/zip.ts';

const USAGE = `Builds the deployment packages dist/packages/{commands,sync,queries}.zip from the output of "npm run build".
The packages are reproducible: the same sources produce the same bytes and the same hash.

  npm run package [-- options]

  --out <folder>   output folder (default: dist/packages)
  --help           show this help`;

const root = resolve(import.meta.dirname, '..');
const { values } = readOptions({ options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });

if (values.help) {
  console.log(USAGE);
} else {
  const folder = resolve(values.out ?? join(root, 'dist/packages'));
  await mkdir(folder, { recursive: true });
  for (const app of APPS) {
    const archive = await zip(await packageFiles(root, app));
    await writeFile(join(folder, `${app}.zip`), archive);
    const hash = createHash('sha256').update(archive).digest('hex');
    console.log(`${`${app}.zip`.padEnd(12)} ${(archive.length / 2 ** 20).toFixed(2)} MB  sha256 ${hash}`);
  }
}
