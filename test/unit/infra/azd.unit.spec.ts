import { accessSync, constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROOT, SNAPSHOTS } from '../../support/infra/snapshots.ts';

/** What is used here of https://raw.githubusercontent.com/Azure/azure-dev/main/schemas/v1.0/azure.yaml.json; nothing else is in the file. */
const projectFile = z.strictObject({
  name: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
  infra: z.strictObject({ provider: z.literal('bicep'), path: z.string(), module: z.string() }),
  hooks: z.record(
    z.enum(['preprovision', 'postprovision']),
    z.strictObject({ shell: z.literal('sh'), run: z.string() }),
  ),
});

const project = projectFile.parse(parse(await readFile(join(ROOT, 'azure.yaml'), 'utf8')));

describe('azure.yaml', () => {
  it('deploys the template with a parameter file that there is', async () => {
    const { path, module } = project.infra;

    expect(await readFile(join(ROOT, path, `${module}.bicepparam`), 'utf8')).toContain("using 'main.bicep'");
  });

  it('has hooks that can be run', () => {
    for (const { run } of Object.values(project.hooks)) accessSync(join(ROOT, run), constants.X_OK);
  });

  it('has hooks that install packages without running their scripts', async () => {
    const texts = await Promise.all(Object.values(project.hooks).map(({ run }) => readFile(join(ROOT, run), 'utf8')));
    const installs = texts.join('\n').match(/\bnpm ci\b.*/g) ?? [];

    expect(installs).not.toEqual([]);
    expect(installs.filter((command) => !command.includes('--ignore-scripts'))).toEqual([]);
  });

  it.each(Object.entries(project.hooks))('reads only outputs that the template has (%s)', async (_, { run }) => {
    const text = await readFile(join(ROOT, run), 'utf8');
    const assigned = [...text.matchAll(/\$([a-z]+[A-Z]\w*)/g)].map(([, name = '']) => name);
    const outputs = Object.keys(SNAPSHOTS[0]?.[1].outputs ?? {});

    expect(assigned.filter((name) => !outputs.includes(name))).toEqual([]);
  });
});
