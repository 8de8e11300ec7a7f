import { describe, expect, it } from 'vitest';
import { ofType, plainName, propertyOf, SNAPSHOTS, type Snapshot } from '../../support/infra/snapshots.ts';

/** Types that are reached over a public address unless they say otherwise. */
const TYPES = [
  'Microsoft.DocumentDB/databaseAccounts',
  'Microsoft.EventHub/namespaces',
  'Microsoft.KeyVault/vaults',
  'Microsoft.Search/searchServices',
  'Microsoft.Sql/servers',
  'Microsoft.Storage/storageAccounts',
  'Microsoft.Web/sites',
];

/** Event Hubs writes captured events from outside the network, as a trusted service: the firewall must be there to let it in. */
const LAKE = 'stlake';

/** Clients connect to it from anywhere; apps do not. */
const PUSH = 'wps-orders';

const reachable = (snapshot: Snapshot) =>
  [...TYPES, 'Microsoft.SignalRService/webPubSub'].flatMap((type) => ofType(snapshot, type));
const [, prod] = SNAPSHOTS.find(([environment]) => environment === 'prod') ?? [];
if (prod === undefined) throw new Error('There is no snapshot of prod.');

describe('public network access in prod', () => {
  it.each(TYPES)('is disabled for every %s but the data lake', (type) => {
    const resources = ofType(prod, type).filter((one) => plainName(one) !== LAKE);
    const access = resources.map((one) => propertyOf(one, 'properties.publicNetworkAccess'));

    expect(access).not.toEqual([]);
    expect(new Set(access)).toEqual(new Set(['Disabled']));
  });

  it('is enabled for no other resource', () => {
    const enabled = prod.resources.filter((one) => JSON.stringify(one).includes('"publicNetworkAccess":"Enabled"'));

    expect(enabled.map(plainName).sort()).toEqual([LAKE, PUSH]);
  });

  it('passes the data lake only for services that Azure trusts', () => {
    const lake = prod.resources.find((one) => plainName(one) === LAKE);

    expect(propertyOf(lake, 'properties.networkAcls')).toEqual({ bypass: 'AzureServices', defaultAction: 'Deny' });
    expect(propertyOf(lake, 'properties.allowBlobPublicAccess')).toBe(false);
  });

  it('passes Web PubSub only for clients', () => {
    const push = prod.resources.find((one) => plainName(one) === PUSH);

    expect(propertyOf(push, 'properties.networkACLs')).toEqual({
      defaultAction: 'Allow',
      publicNetwork: { deny: ['ServerConnection', 'RESTAPI', 'Trace'] },
    });
  });

  it.each(['Microsoft.KeyVault/vaults', 'Microsoft.Storage/storageAccounts'])(
    'is also denied by the firewall of every %s',
    (type) => {
      const actions = ofType(prod, type).map((one) => propertyOf(one, 'properties.networkAcls.defaultAction'));

      expect(new Set(actions)).toEqual(new Set(['Deny']));
    },
  );

  it('has no exception by address', () => {
    expect(ofType(prod, 'Microsoft.Sql/servers/firewallRules')).toEqual([]);
    for (const account of ofType(prod, 'Microsoft.DocumentDB/databaseAccounts')) {
      expect(propertyOf(account, 'properties.ipRules')).toEqual([]);
    }
  });

  it('is replaced by a private endpoint of each resource', () => {
    const targets = ofType(prod, 'Microsoft.Network/privateEndpoints').map((endpoint) =>
      propertyOf(endpoint, 'properties.privateLinkServiceConnections.0.properties.privateLinkServiceId'),
    );

    expect(
      reachable(prod)
        .filter(({ id }) => !targets.includes(id))
        .map(plainName),
    ).toEqual([]);
  });
});

describe('the network security groups of prod', () => {
  const groups = ofType(prod, 'Microsoft.Network/networkSecurityGroups');
  const subnets = ofType(prod, 'Microsoft.Network/virtualNetworks').flatMap((network) =>
    Object.values(Object(propertyOf(network, 'properties.subnets'))),
  );

  it('have rules', () => {
    expect(groups).not.toEqual([]);
    expect(groups.filter((group) => propertyOf(group, 'properties.securityRules.0') === undefined)).toEqual([]);
  });

  it('guard every subnet', () => {
    const ids = groups.map(({ id }) => id);
    const guards = subnets.map((subnet) => propertyOf(subnet, 'properties.networkSecurityGroup.id'));

    expect(guards).toHaveLength(4);
    for (const guard of guards) expect(ids).toContain(guard);
  });

  it.each([
    ['nsg-orders-outbound', 'Outbound', [['Internet', '443']]],
    ['nsg-orders-endpoints', 'Inbound', [['VirtualNetwork', ['443', '1433', '5671']]]],
  ])('let nothing through %s but what is named (%s)', (name, direction, allowed) => {
    const group = groups.find((one) => plainName(one) === name);
    const rules = Object.values(Object(propertyOf(group, 'properties.securityRules')))
      .map((rule) => Object(propertyOf(rule, 'properties')))
      .sort((one, other) => one.priority - other.priority);

    expect(new Set(rules.map((rule) => rule.direction))).toEqual(new Set([direction]));
    expect(rules.at(-1)).toMatchObject({ access: 'Deny', protocol: '*', destinationPortRange: '*' });
    expect(
      rules
        .slice(0, -1)
        .map((rule) => [rule.destinationAddressPrefix, rule.destinationPortRange ?? rule.destinationPortRanges]),
    ).toEqual(allowed);
  });
});
