import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

/** Creates an app whose entry point loads these bundles in this order. Returns its folder, which is removed after the test. */
export async function appOf(...bundles: readonly string[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'app-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const file of ['host.json', 'local.settings.json']) await cp(file, join(root, file));
  await writeFile(join(root, 'package.json'), JSON.stringify({ main: 'index.cjs' }));
  const requires = bundles.map((name) => `require(${JSON.stringify(resolve('dist', name, 'index.cjs'))});`);
  await writeFile(join(root, 'index.cjs'), requires.join('\n'));
  return root;
}
