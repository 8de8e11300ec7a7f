import { describe, expect, it } from 'vitest';
import { filesOf, ofType, propertyOf, SNAPSHOTS } from '../../support/infra/snapshots.ts';

const MODULES = filesOf('.bicep');

describe('the template', () => {
  it.each(MODULES)('%s asks for no key of a resource', (_, text) => {
    expect(text).not.toMatch(
      /\blist(Keys|ConnectionStrings|AccountSas|ServiceSas|Secrets|Credentials)?\w*\(|\.primary(Key|ConnectionString)\b/,
    );
  });

  it.each(MODULES)('%s takes no secret', (_, text) => {
    const parameters = [...text.matchAll(/^param (\w+)/gm)].map(([, name = '']) => name);

    expect(text).not.toMatch(/^@secure\(/m);
    expect(parameters.filter((name) => /password|secret|(access|account|shared)Key$/i.test(name))).toEqual([]);
  });

  it.each(SNAPSHOTS)('puts nothing that is secret into its outputs (%s)', (_, { outputs }) => {
    expect(Object.keys(outputs).filter((name) => /secret|password|connectionString|Key$/i.test(name))).toEqual([]);
  });
});

/** Where a key would open a resource to whoever has it. */
const KEYLESS: readonly (readonly [type: string, property: string, wanted: unknown])[] = [
  ['Microsoft.EventHub/namespaces', 'properties.disableLocalAuth', true],
  ['Microsoft.EventHub/namespaces', 'properties.minimumTlsVersion', '1.2'],
  ['Microsoft.DocumentDB/databaseAccounts', 'properties.disableLocalAuth', true],
  ['Microsoft.DocumentDB/databaseAccounts', 'properties.minimalTlsVersion', 'Tls12'],
  ['Microsoft.Insights/components', 'properties.DisableLocalAuth', true],
  ['Microsoft.Storage/storageAccounts', 'properties.allowSharedKeyAccess', false],
  ['Microsoft.Storage/storageAccounts', 'properties.allowBlobPublicAccess', false],
  ['Microsoft.Storage/storageAccounts', 'properties.minimumTlsVersion', 'TLS1_2'],
  ['Microsoft.SignalRService/webPubSub', 'properties.disableLocalAuth', true],
  ['Microsoft.SignalRService/webPubSub/hubs', 'properties.anonymousConnectPolicy', 'deny'],
  ['Microsoft.Sql/servers', 'properties.administrators.azureADOnlyAuthentication', true],
  ['Microsoft.Sql/servers', 'properties.minimalTlsVersion', '1.2'],
  ['Microsoft.KeyVault/vaults', 'properties.enableRbacAuthorization', true],
  ['Microsoft.Web/sites', 'properties.httpsOnly', true],
  ['Microsoft.Web/sites/basicPublishingCredentialsPolicies', 'properties.allow', false],
];

it('a search service, where there is one, takes no keys', () => {
  const services = SNAPSHOTS.flatMap(([, snapshot]) => ofType(snapshot, 'Microsoft.Search/searchServices'));

  expect(services.map((service) => propertyOf(service, 'properties.disableLocalAuth'))).toEqual([true]);
});

describe.each(SNAPSHOTS)('every resource for %s', (_, snapshot) => {
  it.each(KEYLESS)('of type %s has %s = %s', (type, property, wanted) => {
    const values = ofType(snapshot, type).map((resource) => propertyOf(resource, property));

    expect(values).not.toEqual([]);
    expect(new Set(values)).toEqual(new Set([wanted]));
  });
});
