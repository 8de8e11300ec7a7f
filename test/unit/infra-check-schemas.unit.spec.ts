import { describe, expect, it } from 'vitest';
import { deploymentOf } from '../../scripts/infra-check/deployment.ts';
import { format } from '../../scripts/infra-check/finding.ts';
import { checkSchemas } from '../../scripts/infra-check/schemas/check-schemas.ts';
import { schemaAnswer, schemaOf } from '../../scripts/infra-check/schemas/schema.ts';
import { templateOf } from '../../scripts/infra-check/template.ts';

/** As Microsoft's tool answers, with the properties that the tests need. */
const NAMESPACES = schemaOf(
  schemaAnswer.parse({
    BicepSchemaResult: [
      {
        $type: 'Resource',
        name: 'Microsoft.EventHub/namespaces@2024-01-01',
        bodyType: {
          $type: 'Object',
          name: 'Microsoft.EventHub/namespaces',
          properties: [
            {
              name: 'name',
              type: 'string',
              flags: 'Required, DeployTimeConstant',
              modifiers: 'minLength: 6, maxLength: 50',
            },
            { name: 'id', type: 'string', flags: 'ReadOnly, DeployTimeConstant' },
            { name: 'location', type: 'string' },
            { name: 'sku', type: 'Sku' },
            { name: 'properties', type: 'Properties' },
            { name: 'backup', type: 'Backup' },
          ],
        },
      },
      { $type: 'ResourceInstanceFunction', name: 'listKeys' },
      {
        $type: 'Object',
        name: 'Sku',
        properties: [
          { name: 'name', type: 'Basic | Standard | string', flags: 'Required' },
          { name: 'capacity', type: 'int', modifiers: 'minValue: 0, maxValue: 40' },
        ],
      },
      {
        $type: 'Object',
        name: 'Properties',
        properties: [
          { name: 'disableLocalAuth', type: 'bool' },
          { name: 'zones', type: 'string[]' },
          { name: 'tags', type: 'Tags' },
        ],
      },
      { $type: 'Object', name: 'Tags', properties: [], additionalPropertiesType: 'string' },
      {
        $type: 'DiscriminatedObject',
        name: 'Backup',
        discriminator: 'type',
        baseProperties: [{ name: 'state', type: 'string' }],
        elements: [
          {
            $type: 'Object',
            name: 'Periodic',
            properties: [
              { name: 'type', type: 'Periodic', flags: 'Required' },
              { name: 'hours', type: 'int', flags: 'Required' },
            ],
          },
        ],
      },
    ],
  }),
);

/** What is found in a namespace with these properties, in one line each. */
function check(properties: string, apiVersion = '2024-01-01'): readonly string[] {
  const text = `param size int = 1
resource namespace 'Microsoft.EventHub/namespaces@${apiVersion}' = {
  ${properties}
}
`;
  const { resources } = deploymentOf(templateOf(new Map([['infra/main.bicep', text]])));
  return checkSchemas(
    resources,
    new Map([['Microsoft.EventHub/namespaces', { kind: 'schema', schema: NAMESPACES }]]),
  ).map(format);
}

const of = (line: number, message: string) => [
  `infra/main.bicep:${line}: ${message} [Microsoft.EventHub/namespaces@2024-01-01]`,
];

describe("comparing a resource with Azure's schema", () => {
  it('finds nothing where all is as published, or known to the deployment alone', () => {
    const properties = `name: 'orders-hub'
  location: resourceGroup().location
  sku: { name: 'Standard', capacity: size }
  properties: { disableLocalAuth: true, zones: ['1', '2'], tags: { '\${resourceGroup().id}': 'x' } }
  backup: { type: 'Periodic', hours: 4, state: 'on' }
  dependsOn: []`;

    expect(check(properties)).toEqual([]);
  });

  it.each([
    [
      'a property that it lacks',
      "name: 'orders-hub'\n  colour: 'red'",
      of(4, 'colour is no property of Microsoft.EventHub/namespaces'),
    ],
    [
      'another case',
      "name: 'orders-hub'\n  properties: { disablelocalAuth: true }",
      of(4, 'disablelocalAuth is no property of Properties (disableLocalAuth is)'),
    ],
    [
      'a value of no meaning',
      "name: 'orders-hub'\n  sku: { name: 'Standart' }",
      of(4, "name is 'Standart', which is none of Basic, Standard"),
    ],
    [
      'a value of another type',
      "name: 'orders-hub'\n  properties: { disableLocalAuth: 'yes' }",
      of(4, 'disableLocalAuth is "yes", where bool is wanted'),
    ],
    [
      'a value for an object',
      "name: 'orders-hub'\n  sku: 'Standard'",
      of(4, 'sku is "Standard", where an object (Sku) is wanted'),
    ],
    [
      'an object for a value',
      "name: 'orders-hub'\n  location: {}",
      of(4, 'location is an object, where string is wanted'),
    ],
    ['a list for a value', "name: 'orders-hub'\n  location: []", of(4, 'location is a list, where string is wanted')],
    [
      'an item of another type',
      "name: 'orders-hub'\n  properties: { zones: [1] }",
      of(4, 'zones is 1, where string is wanted'),
    ],
    ['no required property', "name: 'orders-hub'\n  sku: { capacity: 1 }", of(4, 'lacks name, which Sku requires')],
    ['no name', "location: 'here'", of(2, 'lacks name, which Microsoft.EventHub/namespaces requires')],
    ['what can only be read', "name: 'orders-hub'\n  id: 'x'", of(4, 'id can only be read')],
    [
      'a number too great',
      "name: 'orders-hub'\n  sku: { name: 'Basic', capacity: 41 }",
      of(4, 'capacity is 41: maximum value is 40'),
    ],
    ['a name too short', "name: 'hub'", of(3, 'name is "hub": minimum length is 6')],
    ['a kind that there is not', "name: 'orders-hub'\n  backup: { type: 'Never' }", of(4, 'type is none of Periodic')],
  ])('finds %s', (_, properties, findings) => {
    expect(check(properties)).toEqual(findings);
  });

  it('says with which version it compared', () => {
    expect(check("name: 'hub'", '2025-01-01')).toEqual([
      'infra/main.bicep:3: name is "hub": minimum length is 6 [Microsoft.EventHub/namespaces@2025-01-01; compared with 2024-01-01]',
    ]);
  });

  it('finds a type that Azure does not have', () => {
    const { resources } = deploymentOf(
      templateOf(
        new Map([['infra/main.bicep', "resource hub 'Microsoft.EventHub/hubz@2024-01-01' = { name: 'x' }\n"]]),
      ),
    );
    const found = checkSchemas(resources, new Map([['Microsoft.EventHub/hubz', { kind: 'noSuchType' }]]));

    expect(found.map(format)).toEqual(['infra/main.bicep:1: Azure has no resource type Microsoft.EventHub/hubz']);
  });
});
