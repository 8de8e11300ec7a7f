import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ofType, plainName, propertyOf, SNAPSHOTS } from '../../support/infra/snapshots.ts';

/** What the template deploys of what docs/regions.md is about, by kind of resource. */
const ZONES = {
  'Microsoft.Storage/storageAccounts': 'sku.name',
  'Microsoft.DocumentDB/databaseAccounts': 'properties.locations.0.isZoneRedundant',
  'Microsoft.Web/serverfarms': 'properties.zoneRedundant',
  'Microsoft.Sql/servers/databases': 'properties.requestedBackupStorageRedundancy',
} as const;

const EXPECTED = {
  prod: ['Standard_ZRS', true, true, 'GeoZone'],
  dev: ['Standard_LRS', false, false, 'Local'],
};

describe('the zones of the template', () => {
  it.each(SNAPSHOTS.map(([environment, snapshot]) => ({ environment, snapshot })))(
    'are what the guide says of $environment',
    ({ environment, snapshot }) => {
      const found = Object.entries(ZONES).map(([type, path]) => {
        const values = ofType(snapshot, type)
          .filter((resource) => plainName(resource) !== 'sql-orders/master')
          .map((resource) => propertyOf(resource, path));
        expect(values.length, type).toBeGreaterThan(0);
        return [...new Set(values)];
      });
      const expected = environment === 'prod' ? EXPECTED.prod : EXPECTED.dev;
      expect(found).toEqual(expected.map((value) => [value]));
    },
  );

  it('leave the gateway, the NAT gateway and Web PubSub of prod in one zone, as the guide says', () => {
    const [, prod] = SNAPSHOTS.find(([environment]) => environment === 'prod') ?? [];
    if (prod === undefined) throw new Error('There is no snapshot of prod.');
    const skuOf = (type: string) => ofType(prod, type).map((resource) => propertyOf(resource, 'sku.name'));
    expect(skuOf('Microsoft.ApiManagement/service')).toEqual(['StandardV2']);
    expect(skuOf('Microsoft.Network/natGateways')).toEqual(['Standard']);
    expect(skuOf('Microsoft.SignalRService/webPubSub')).toEqual(['Standard_S1']);
    const rows = readFileSync('docs/regions.md', 'utf8').split('\n');
    for (const part of ['API Management', 'NAT gateway', 'Web PubSub']) {
      expect(rows.find((row) => row.startsWith(`| ${part} |`))).toContain('**one zone**');
    }
  });
});
