import { describe, expect, it } from 'vitest';
import { checkOffline } from '../../scripts/infra-check/check.ts';
import { format } from '../../scripts/infra-check/finding.ts';
import { templateOf } from '../../scripts/infra-check/template.ts';

/** A template in which nothing is wrong; each test puts one thing wrong. */
const SOUND: Readonly<Record<string, string>> = {
  'infra/main.bicep': `@allowed(['dev', 'prod'])
param environmentName string
param hubs array = ['events']
var suffix = uniqueString(resourceGroup().id)
module hub 'modules/hub.bicep' = {
  params: { name: 'evhns-\${environmentName}-\${suffix}', hubs: hubs }
}
output host string = hub.outputs.namespace.host
`,
  'infra/modules/hub.bicep': `param name string
param hubs array
param policy string = loadTextContent('../policies/policy.xml')
resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: name
  location: resourceGroup().location
  tags: { policy: policy }
  resource hub 'eventhubs' = [for name in filter(hubs, hub => hub.length > 0 || !empty(hub)): {
    name: name
  }]
}
output namespace object = { host: namespace.properties.serviceBusEndpoint }
`,
  'infra/policies/policy.xml': '<policies />',
  'infra/dev.bicepparam': `using 'main.bicep'
param environmentName = 'dev'
`,
};

/** The sound template with a text of one file put for another. */
function changed(file: string, from: string, to: string): Readonly<Record<string, string>> {
  const text = SOUND[file] ?? '';
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  return { ...SOUND, [file]: text.replace(from, to) };
}

const check = (files: Readonly<Record<string, string>>) =>
  checkOffline(templateOf(new Map(Object.entries(files)))).findings.map(format);

const MAIN = 'infra/main.bicep';
const HUB = 'infra/modules/hub.bicep';
const DEV = 'infra/dev.bicepparam';

describe('checking the Bicep template without its compiler', () => {
  it('finds nothing in a sound one', () => {
    expect(check(SOUND)).toEqual([]);
  });

  it.each([
    ['what is no Bicep', changed(MAIN, 'var suffix =', 'var suffix ='.slice(0, -1)), /^infra\/main\.bicep:\d+: /],
    [
      'properties on one line without a comma',
      changed(HUB, 'name: name\n  location', 'name: name location'),
      'infra/modules/hub.bicep:5: begins on the line where the one before ends',
    ],
    [
      'declarations on one line',
      changed(MAIN, 'param environmentName string\n', 'param environmentName string '),
      'infra/main.bicep:2: must begin on a line of its own',
    ],
    [
      'a name that is not declared',
      changed(MAIN, 'suffix}', 'sufix}'),
      'infra/main.bicep:6: sufix is declared nowhere',
    ],
    [
      'a function that Bicep lacks',
      changed(MAIN, 'uniqueString(', 'uniqeString('),
      'main.bicep:4: there is no function uniqeString()',
    ],
    [
      'a parameter without a use',
      changed(MAIN, 'var suffix', "param spare string = ''\nvar suffix"),
      'main.bicep:4: param spare is used nowhere',
    ],
    [
      'a variable without a use',
      changed(HUB, 'resource namespace', 'var spare = 1\nresource namespace'),
      'hub.bicep:4: var spare is used nowhere',
    ],
    [
      'a name declared twice',
      changed(MAIN, 'var suffix', 'var hubs = []\nvar suffix'),
      'main.bicep:4: hubs is declared a second time',
    ],
    [
      'a module that is not there',
      changed(MAIN, 'modules/hub', 'modules/hubs'),
      'main.bicep:5: module hub: there is no file infra/modules/hubs.bicep',
    ],
    [
      'a parameter that a module lacks',
      changed(MAIN, 'hubs: hubs', 'hubs: hubs, size: 1'),
      'main.bicep:6: module hub: infra/modules/hub.bicep has no parameter size',
    ],
    [
      'a parameter that a module is not given',
      changed(MAIN, ', hubs: hubs', ', policy: hubs[0]'),
      'main.bicep:5: module hub: parameter hubs of infra/modules/hub.bicep is not given',
    ],
    [
      'an output that a module lacks',
      changed(MAIN, 'outputs.namespace.host', 'outputs.space'),
      'main.bicep:8: infra/modules/hub.bicep has no output space',
    ],
    [
      'an output that no one reads',
      changed(HUB, 'output namespace', 'output spare string = name\noutput namespace'),
      'hub.bicep:12: output spare is read by no one',
    ],
    [
      'a property that an output lacks',
      changed(MAIN, 'namespace.host', 'namespace.port'),
      'main.bicep:8: there is no port in the object made at infra/modules/hub.bicep:12',
    ],
    [
      'a text to load that is not there',
      changed(HUB, 'policy.xml', 'rules.xml'),
      'hub.bicep:3: there is no file infra/policies/rules.xml',
    ],
    [
      'a policy that no one loads',
      { ...SOUND, 'infra/policies/old.xml': '<policies />' },
      'infra/policies/old.xml:1: is used by no module',
    ],
    [
      'a module that no one uses',
      { ...SOUND, 'infra/modules/old.bicep': 'output a int = 1\n' },
      'infra/modules/old.bicep:1: is used by no module',
    ],
    [
      'a parameter file without a value',
      changed(DEV, "param environmentName = 'dev'", ''),
      'dev.bicepparam:1: parameter environmentName of infra/main.bicep is not given',
    ],
    [
      'a parameter file with a value too many',
      changed(DEV, 'param', "param color = 'red'\nparam"),
      'dev.bicepparam:2: infra/main.bicep has no parameter color',
    ],
    [
      'a parameter with a value that is not allowed',
      changed(DEV, "'dev'", "'test'"),
      'dev.bicepparam:2: environmentName cannot be "test": allowed are "dev", "prod"',
    ],
    [
      'a parameter of another type',
      changed(MAIN, 'hubs: hubs }', 'hubs: hubs[0] }'),
      'main.bicep:6: hubs is of type array, and cannot be "events"',
    ],
    [
      'a parameter beyond its limits',
      changed(HUB, 'param hubs array', '@minLength(2)\nparam hubs array'),
      'main.bicep:6: hubs cannot be a list: minLength is 2',
    ],
    [
      'a parameter file for nothing',
      changed(DEV, 'main.bicep', 'mian.bicep'),
      'dev.bicepparam:1: there is no file infra/mian.bicep',
    ],
    [
      'a name that only the deployment knows',
      changed(HUB, '    name: name\n', '    name: namespace.properties.status\n'),
      'hub.bicep:9: must be known when the deployment starts, and namespace.properties is not',
    ],
  ])('finds %s', (_, files, finding) => {
    expect(check(files)).toContainEqual(expect.stringMatching(finding instanceof RegExp ? finding : escaped(finding)));
  });
});

const escaped = (text: string) => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
