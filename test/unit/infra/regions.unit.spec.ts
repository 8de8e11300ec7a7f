import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chapterOf } from '../../support/docs/markdown-tables.ts';
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

describe('the failover to another region', () => {
  const steps = chapterOf(readFileSync('docs/operations.md', 'utf8'), '## Fail over to another region').split(
    /^\d\. /m,
  );
  const stepWith = (text: string): number => {
    const found = steps.flatMap((step, index) => (step.includes(text) ? [index] : []));
    expect(found, text).toHaveLength(1);
    return found[0] ?? 0;
  };

  it('gives the apps the restored key before the first app starts', () => {
    const inOrder = [
      stepWith('MASTER_KEY_KIND=secret infra/deploy.sh'), // makes no key
      stepWith('az keyvault key restore'),
      stepWith('MASTER_KEY_KIND=key infra/deploy.sh'),
      stepWith('--name released-package.zip'),
      stepWith('[Erase]'),
    ];
    expect(inOrder).toEqual(inOrder.toSorted((one, other) => one - other));
    expect(new Set(inOrder).size).toBe(inOrder.length);
  });

  it('deploys with deploy.sh alone, under the name by which its next run finds the kind of the master key', () => {
    const commands = steps.flatMap((step) => step.match(/MASTER_KEY_KIND=\w+ infra.*/g) ?? []);
    expect(commands).toHaveLength(2);
    expect(commands.filter((command) => !command.endsWith(' --only-template'))).toEqual([]);
    expect(steps.join('')).not.toContain('az deployment');
  });

  it('is practiced up to its last step, which moves the clients', () => {
    const drill = readFileSync('docs/regions.md', 'utf8');
    expect(steps.at(-1)).toContain('Point clients to the new gateway');
    expect(drill).toContain(`Do steps 1 to ${steps.length - 2} of [fail over]`);
    expect(drill).toContain(
      `after step ${stepWith('az sql db geo-backup restore')}, which restores the write database`,
    );
  });
});
