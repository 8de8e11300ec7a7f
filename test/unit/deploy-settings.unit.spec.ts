import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OUTPUTS } from '../support/azure-answers.ts';
import { SCRIPT } from '../support/deploy.ts';
import { DEPLOYMENTS, TEMPLATE } from '../support/infra.ts';

const WORKFLOWS = ['ci.yml', 'deploy.yml'].map((name) => [
  name,
  readFileSync(resolve(import.meta.dirname, '../../.github/workflows', name), 'utf8'),
]);

describe('what infra/deploy.sh takes from elsewhere', () => {
  const text = readFileSync(SCRIPT, 'utf8');

  it('are outputs that the template has, and all of them', () => {
    const [, deployment] = DEPLOYMENTS[0] ?? [];
    const words = new Set(text.split(/\s+|\)/));

    expect([...(deployment?.outputs.properties.keys() ?? [])].filter((name) => !words.has(name))).toEqual([]);
    expect(Object.keys(OUTPUTS).filter((name) => deployment?.outputs.get(name) === undefined)).toEqual([]);
  });

  it.each(TEMPLATE.parameterFiles.map((file) => [file.path, file.text]))(
    'is explained for %s',
    (_, parameters = '') => {
      const needed = [...parameters.matchAll(/readEnvironmentVariable\('(\w+)'/g)].map(([, name = '']) => name);
      const help = text.split(/^TEXT$/m)[0] ?? '';

      expect(needed.filter((name) => !new RegExp(`\\b${name}\\b`).test(help))).toEqual([]);
    },
  );

  it.each(WORKFLOWS)('is given to it by %s', (name = '', workflow = '') => {
    const environments = name === 'ci.yml' ? ['infra/dev.bicepparam'] : TEMPLATE.parameterFiles.map(({ path }) => path);
    const needed = TEMPLATE.parameterFiles
      .filter(({ path }) => environments.includes(path))
      .flatMap((file) =>
        [...file.text.matchAll(/readEnvironmentVariable\('(\w+)'\)/g)].map(([, setting = '']) => setting),
      );

    expect(needed.filter((setting) => !new RegExp(`^ +${setting}: `, 'm').test(workflow))).toEqual([]);
  });
});
