import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OUTPUTS } from '../../support/infra/azure-answers.ts';
import { SCRIPT } from '../../support/infra/deploy.ts';
import { filesOf, SNAPSHOTS } from '../../support/infra/snapshots.ts';

const WORKFLOWS = ['ci.yml', 'deploy.yml'].map((name) => [
  name,
  readFileSync(resolve(import.meta.dirname, '../../../.github/workflows', name), 'utf8'),
]);

const PARAMETER_FILES = filesOf('.bicepparam');

describe('what infra/deploy.sh takes from elsewhere', () => {
  const text = readFileSync(SCRIPT, 'utf8');

  it.each(SNAPSHOTS)('are outputs that the template has, and all of them (%s)', (_, { outputs }) => {
    const scripts = [text, readFileSync(resolve(SCRIPT, '../deploy/publish-console.sh'), 'utf8')];
    const words = new Set(scripts.join('\n').match(/\w+/g));

    expect(Object.keys(outputs)).not.toEqual([]);
    expect(Object.keys(outputs).filter((name) => !words.has(name))).toEqual([]);
    expect(Object.keys(OUTPUTS).filter((name) => !(name in outputs))).toEqual([]);
  });

  it.each(PARAMETER_FILES)('is explained for %s', (_, parameters) => {
    const needed = [...parameters.matchAll(/readEnvironmentVariable\('(\w+)'/g)].map(([, name = '']) => name);
    const help = text.split(/^TEXT$/m)[0] ?? '';

    expect(needed).not.toEqual([]);
    expect(needed.filter((name) => !new RegExp(`\\b${name}\\b`).test(help))).toEqual([]);
  });

  it.each(WORKFLOWS)('is given to it by %s', (name = '', workflow = '') => {
    const environments = name === 'ci.yml' ? ['infra/dev.bicepparam'] : PARAMETER_FILES.map(([path]) => path);
    const needed = PARAMETER_FILES.filter(([path]) => environments.includes(path)).flatMap(([, parameters]) =>
      [...parameters.matchAll(/readEnvironmentVariable\('(\w+)'\)/g)].map(([, setting = '']) => setting),
    );

    expect(needed).not.toEqual([]);
    expect(needed.filter((setting) => !new RegExp(`^ +${setting}: `, 'm').test(workflow))).toEqual([]);
  });
});

describe('the resource providers to register', () => {
  const guide = readFileSync(resolve(import.meta.dirname, '../../../docs/deploy.md'), 'utf8');
  const [, always = '', others = ''] =
    /^ +for p in ([\w ]+); do$.*?^ +Each service that is off by default needs one more: (.*?)$/ms.exec(guide) ?? [];
  const registered = [
    ...always.split(' '),
    ...[...others.matchAll(/`([A-Z][a-z]\w+)`/g)].flatMap(([, name]) => name ?? []),
  ];

  it('are those of the resources in the template', () => {
    const used = filesOf('.bicep').flatMap(([, text]) =>
      [...text.matchAll(/^resource \w+ 'Microsoft\.(\w+)\//gm)].flatMap(([, name]) => name ?? []),
    );
    const ofSubnets = ['App']; // delegated to by the apps' subnet
    const everywhere = ['Authorization']; // registered in each subscription
    const needed = new Set([...used, ...ofSubnets].filter((name) => !everywhere.includes(name)));

    expect(registered.toSorted()).toEqual([...needed].sort());
  });
});
