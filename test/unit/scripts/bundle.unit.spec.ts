import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { copyFiles } from '../../../scripts/bundle/files.ts';

/** The largest of the files. */
const PAGE = 'node_modules/swagger-ui-dist/swagger-ui-bundle.js';

it('copies files that several programs copy to the same folder at the same time', async () => {
  const outdir = await mkdtemp(join(tmpdir(), 'bundle-'));
  onTestFinished(() => rm(outdir, { recursive: true }));
  await copyFiles({ outdir });
  let copied = false;
  const copying = Promise.all(Array.from({ length: 10 }, () => copyFiles({ outdir }))).finally(() => (copied = true));
  const source = await readFile(PAGE);
  while (!copied) expect(source.equals(await readFile(`${outdir}/queries/docs/swagger-ui-bundle.js`))).toBe(true);
  await copying;
  expect(await readdir(`${outdir}/queries/views`)).toEqual(await readdir('src/queries/reports/views'));
});
