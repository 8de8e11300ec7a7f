import { accessSync, constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { APPS } from '../../../scripts/package/packages.ts';
import { ofType, propertyOf, ROOT, SNAPSHOTS } from '../../support/infra/snapshots.ts';

/** What is used here of https://raw.githubusercontent.com/Azure/azure-dev/main/schemas/v1.0/azure.yaml.json; nothing else is in the file. */
const projectFile = z.strictObject({
  name: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
  infra: z.strictObject({ provider: z.literal('bicep'), path: z.string(), module: z.string() }),
  services: z.record(
    z.string(),
    z.strictObject({ project: z.string(), language: z.literal('js'), host: z.literal('function'), dist: z.string() }),
  ),
  workflows: z.strictObject({ up: z.strictObject({ steps: z.array(z.strictObject({ azd: z.string() })) }) }),
  hooks: z.record(
    z.enum(['preprovision', 'postprovision', 'postup']),
    z.strictObject({ shell: z.literal('sh'), run: z.string() }),
  ),
});

const project = projectFile.parse(parse(await readFile(join(ROOT, 'azure.yaml'), 'utf8')));
const services = Object.keys(project.services);

describe('azure.yaml', () => {
  it('deploys the template with a parameter file that there is', async () => {
    const { path, module } = project.infra;

    expect(await readFile(join(ROOT, path, `${module}.bicepparam`), 'utf8')).toContain("using 'main.bicep'");
  });

  it('names each app that has a package', () => {
    expect(services.toSorted()).toEqual([...APPS].sort());
  });

  it.each(SNAPSHOTS)('names each app as its tag azd-service-name does (%s)', (_, snapshot) => {
    const apps = ofType(snapshot, 'Microsoft.Web/sites');
    const tagged = apps.map((app) => [propertyOf(app, 'tags.azd-service-name'), app.name.split('-')[2]]);

    expect(tagged.toSorted()).toEqual(services.toSorted().map((name) => [name, name]));
  });

  it('deploys the package of each app, those that read events before the one that publishes them', () => {
    expect(project.workflows.up.steps.map(({ azd }) => azd)).toEqual([
      'provision',
      ...['sync', 'queries', 'commands'].map((app) => `deploy ${app} --from-package dist/packages/${app}.zip`),
    ]);
  });

  it('has hooks that can be run', () => {
    for (const { run } of Object.values(project.hooks)) accessSync(join(ROOT, run), constants.X_OK);
  });

  it.each(Object.entries(project.hooks))('reads only outputs that the template has (%s)', async (_, { run }) => {
    const text = await readFile(join(ROOT, run), 'utf8');
    const assigned = [...text.matchAll(/\b\w+=\$([a-z]+[A-Z]\w*)/g)].map(([, name = '']) => name);
    const outputs = Object.keys(SNAPSHOTS[0]?.[1].outputs ?? {});

    expect(assigned.filter((name) => !outputs.includes(name))).toEqual([]);
  });
});
