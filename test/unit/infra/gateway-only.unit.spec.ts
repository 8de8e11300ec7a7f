import { describe, expect, it } from 'vitest';
import { GATEWAY_HEADER } from '../../../src/shared/auth/gateway-only.ts';
import { allNodes, childOf, namedValues, policiesOf } from '../../support/infra/gateway-policies.ts';
import { FILES, ofType, plainName, propertyOf, SNAPSHOTS, textOf } from '../../support/infra/snapshots.ts';

describe.each(SNAPSHOTS)('the apps for %s answer API Management alone', (environment, snapshot) => {
  const apps = ofType(snapshot, 'Microsoft.Web/sites');
  const settings = ofType(snapshot, 'Microsoft.Web/sites/config').filter(({ name }) => name.endsWith('/appsettings'));
  const setting = (name: string) => settings.map((one) => propertyOf(one, `properties.${name}`));
  const values = namedValues(snapshot);

  it('by the client id of an identity that API Management has and no app has', () => {
    const [gateway] = ofType(snapshot, 'Microsoft.ApiManagement/service');
    const [id = ''] = Object.keys(Object(propertyOf(gateway, 'identity.userAssignedIdentities')));
    const clientId = `[reference('${id}', '2024-11-30').clientId]`;

    expect(setting('GATEWAY_CLIENT_ID')).toEqual([clientId, clientId, clientId]);
    expect(values.gatewayClientId).toBe(clientId);
    for (const app of apps) {
      expect(Object.keys(Object(propertyOf(app, 'identity.userAssignedIdentities')))).not.toContain(id);
    }
  });

  it('by tokens that API Management gets for the audience that they ask for, from the tenant of the identities', () => {
    expect(new Set(setting('GATEWAY_AUDIENCE'))).toEqual(new Set([values.gatewayAudience]));
    for (const issuer of setting('GATEWAY_ISSUER')) {
      expect(issuer).toMatch(/environment\(\)\.authentication\.loginEndpoint, '11111111-1111-1111-1111-111111111111'/);
    }
  });

  it('because API Management signs in to them after it has checked the caller, for every operation', () => {
    const [api = { name: '', attributes: {}, children: [] }] = policiesOf(snapshot, 'apis/policies');
    const inbound = childOf(childOf(api, 'policies'), 'inbound').children;
    const [signIn, header] = inbound.slice(-2);

    expect(signIn?.name).toBe('authentication-managed-identity');
    expect(signIn?.attributes).toEqual({
      resource: values.gatewayAudience,
      'client-id': values.gatewayClientId,
      'output-token-variable-name': 'gatewayToken',
      'ignore-error': 'false',
    });
    expect(header?.attributes).toEqual({ name: GATEWAY_HEADER, 'exists-action': 'override' });
    for (const operation of policiesOf(snapshot, 'apis/operations/policies')) {
      expect(childOf(childOf(operation, 'policies'), 'inbound').children[0]?.name).toBe('base');
    }
  });

  it('with the token in a header of its own, which nothing logs and no answer repeats', () => {
    const headers = ['policies', 'apis/policies', 'apis/operations/policies', 'policyFragments']
      .flatMap((type) => policiesOf(snapshot, type))
      .flatMap(allNodes)
      .filter(({ name, attributes }) => name === 'set-header' && /authorization/i.test(attributes.name ?? ''));
    const [diagnostic] = ofType(snapshot, 'Microsoft.ApiManagement/service/diagnostics');

    expect(headers).toHaveLength(1);
    for (const side of ['frontend.request', 'frontend.response', 'backend.request', 'backend.response']) {
      expect(propertyOf(diagnostic, `properties.${side}.headers`)).toEqual([]);
    }
  });

  it('and refuse all addresses but those that are named, through a private endpoint or a public address', () => {
    const defaults = apps.map((app) => propertyOf(app, 'properties.siteConfig.ipSecurityRestrictionsDefaultAction'));
    const rules = ofType(snapshot, 'Microsoft.Web/sites/config').filter(({ name }) => name.endsWith('/web'));
    const allowed = rules.map((one) => propertyOf(one, 'properties.ipSecurityRestrictions'));

    expect(defaults).toEqual(['Deny', 'Deny', 'Deny']);
    if (environment === 'prod') {
      expect(apps.map((app) => propertyOf(app, 'properties.publicNetworkAccess'))).toEqual(Array(3).fill('Disabled'));
      expect(rules).toEqual([]);
      return;
    }
    expect(rules.map(plainName).sort()).toEqual(['commands', 'queries', 'sync'].map((app) => `func-orders-${app}/web`));
    for (const rule of rules) expect(textOf(rule, 'properties.ipSecurityRestrictionsDefaultAction')).toBe('Deny');
    // The prediction does not know the addresses of API Management, so it shows what applies where it has none.
    for (const one of allowed) {
      expect(one).toEqual([expect.objectContaining({ action: 'Allow', ipAddress: 'AzureCloud.westeurope' })]);
    }
  });
});

it('the addresses of API Management are let in one by one, and the region only where it has none', () => {
  const text = FILES.get('infra/modules/access-restrictions.bicep') ?? '';

  expect(text).toMatch(/ipAddress: '\$\{address\}\/32'/);
  expect(text).toContain('ipSecurityRestrictions: empty(gatewayIpAddresses) ? fromRegion : fromGateway');
  expect(text).not.toContain("'0.0.0.0/0'");
});
