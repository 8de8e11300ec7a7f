import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { copyFiles } from '../../../scripts/bundle/files.ts';

it('copies files that several programs copy to the same folder at the same time', async () => {
  const outdir = await mkdtemp(join(tmpdir(), 'bundle-'));
  onTestFinished(() => rm(outdir, { recursive: true }));
  await copyFiles({ outdir });
  await Promise.all(Array.from({ length: 10 }, () => copyFiles({ outdir })));
  expect(await readdir(`${outdir}/queries/views`)).toEqual(await readdir('src/queries/reports/views'));
});
