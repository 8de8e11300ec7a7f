import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readOptions } from './cli/read-options.ts';
import { APPS, packageFiles } from './package/packages.ts';
import { zip } from './package/zip.ts';

const USAGE = `Makes the packages that are deployed: dist/packages/{commands,sync,queries}.zip, from what "npm run build" has made.
The same sources make the same bytes, so a package's hash says what is in it.

  npm run package [-- options]

  --out <folder>   where the packages go (default: dist/packages)
  --help           this text`;

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
