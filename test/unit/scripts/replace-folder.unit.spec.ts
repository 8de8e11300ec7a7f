import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { replaceFolder } from '../../../scripts/console/build.ts';

it('leaves one of the new folders, as a whole, when several programs replace a folder at the same time', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'replace-folder-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  const place = join(parent, 'place');
  const replace = async (name: string) => {
    const folder = join(parent, name);
    await mkdir(folder);
    for (const file of ['1', '2', '3']) await writeFile(join(folder, `${name}-${file}`), '');
    await replaceFolder(place, folder);
  };
  await Promise.all(Array.from({ length: 20 }, (_, index) => replace(`of-${index}`)));
  const files = await readdir(place);
  const [winner] = files[0]?.match(/^of-\d+/) ?? [];
  expect(files.toSorted()).toEqual(['1', '2', '3'].map((file) => `${winner}-${file}`));
});

it('reports a folder that cannot be moved', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'replace-folder-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  await expect(replaceFolder(join(parent, 'place'), join(parent, 'missing'))).rejects.toThrow('ENOENT');
});
