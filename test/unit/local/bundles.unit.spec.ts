import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { bundleFunctions } from '../../../local/bundles.ts';
import { LOCAL_BUNDLE } from '../../../scripts/bundle/options.ts';

/** A project with one app, which is bundled. `isBundledAgain` returns whether a start with these options writes the bundle again. */
async function bundledProject() {
  const folder = await mkdtemp(join(tmpdir(), 'bundles-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);
  const write = (name: string, text: string) => writeFile(path(name), text);
  const options = { ...LOCAL_BUNDLE, absWorkingDir: folder, entryPoints: [{ in: 'src/app.ts', out: 'app/index' }] };
  const start = async (changed: object = {}) => (await bundleFunctions({ ...options, ...changed })).dispose();
  const bundle = path('dist/local/app/index.cjs');
  /** Each write creates another file. */
  const inode = async () => (await stat(bundle).catch(() => undefined))?.ino;
  await mkdir(path('src/shared'), { recursive: true });
  await write('src/app.ts', "import { name } from './shared/name.ts'; console.log(name, 'app');");
  await write('src/shared/name.ts', "export const name = 'first';");
  await start();
  return {
    write,
    remove: (name: string) => rm(path(name)),
    readBundle: () => readFile(bundle, 'utf8'),
    isBundledAgain: async (changed?: object) => {
      const before = await inode();
      await start(changed);
      return (await inode()) !== before;
    },
  };
}

it('bundles nothing while nothing has changed', async () => {
  const { isBundledAgain } = await bundledProject();
  expect(await isBundledAgain()).toBe(false);
});

it.each([
  ['an entry point has changed', 'src/app.ts', "console.log('changed');"],
  ['an imported file has changed, but not its length', 'src/shared/name.ts', "export const name = 'other';"],
  ['a file is new', 'src/shared/new.ts', ''],
  ['the compiler options have changed', 'tsconfig.json', '{ "compilerOptions": { "target": "ES2015" } }'],
  ['the package has changed', 'package.json', '{ "sideEffects": false }'],
])('bundles again when %s', async (_what, file, text) => {
  const { write, isBundledAgain } = await bundledProject();
  await write(file, text);
  expect([await isBundledAgain(), await isBundledAgain()]).toEqual([true, false]);
});

it('bundles again when the options have changed', async () => {
  const { isBundledAgain } = await bundledProject();
  expect(await isBundledAgain({ target: 'node24' })).toBe(true);
  expect(await isBundledAgain()).toBe(true);
});

it('bundles again when a bundle is missing or was changed, and when the stamp is damaged', async () => {
  const { write, remove, readBundle, isBundledAgain } = await bundledProject();
  const bundle = await readBundle();
  await remove('dist/local/app/index.cjs');
  expect(await isBundledAgain()).toBe(true);
  await write('dist/local/app/index.cjs.map', '{}');
  expect(await isBundledAgain()).toBe(true);
  await write('dist/local/stamp.json', '{');
  expect(await isBundledAgain()).toBe(true);
  expect(await readBundle()).toBe(bundle);
});

it('bundles again when the last start could not bundle its sources', async () => {
  const { write, isBundledAgain } = await bundledProject();
  await write('src/app.ts', 'const;');
  await expect(isBundledAgain({ logLevel: 'silent' })).rejects.toThrow('Build failed');
  await write('src/app.ts', "console.log('mended');");
  expect(await isBundledAgain()).toBe(true);
});

it('notices every change, because the apps consist of files below src', async () => {
  const { metafile } = await build({ ...LOCAL_BUNDLE, write: false, metafile: true });
  const others = Object.keys(metafile.inputs).filter((path) => !path.startsWith('src/'));
  expect(others).toEqual([]);
});
