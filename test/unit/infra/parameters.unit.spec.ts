import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../../scripts/infra-check/snapshot-settings.ts';
import { FILES, ofType, propertyOf, SNAPSHOTS, textOf } from '../../support/infra/snapshots.ts';

describe('the lists that parameter files read from the environment', () => {
  it.each(['AUTH_ALLOWED_CLIENTS', 'ALERT_EMAILS', 'ALLOWED_ORIGINS', 'DEFENDER_PLANS'])(
    'have blanks after their commas and a comma at the end in the snapshots: %s',
    (setting) => {
      expect(SETTINGS[setting]).toMatch(/, \S.*, $/);
    },
  );

  it.each(SNAPSHOTS)('become client ids without blanks and empty ones (%s)', (_, snapshot) => {
    const [fragment] = ofType(snapshot, 'Microsoft.ApiManagement/service/policyFragments').filter(({ name }) =>
      name.endsWith('/authenticate'),
    );
    const ids = [...textOf(fragment, 'properties.value').matchAll(/<application-id>(.*?)<\/application-id>/g)];

    expect(ids.map(([, id]) => id)).toEqual([
      '44444444-4444-4444-4444-444444444444',
      '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
    ]);
  });

  it.each(SNAPSHOTS)('become e-mail addresses without blanks (%s)', (_, snapshot) => {
    const [group] = ofType(snapshot, 'Microsoft.Insights/actionGroups');
    const receivers = Object.values(Object(propertyOf(group, 'properties.emailReceivers')));

    expect(receivers.map((receiver) => propertyOf(receiver, 'emailAddress'))).toEqual([
      'operations@example.com',
      'developers@example.com',
    ]);
  });

  it('become origins without blanks (prod)', () => {
    const [, prod] = SNAPSHOTS.find(([environment]) => environment === 'prod') ?? [];
    const [policy] = prod ? ofType(prod, 'Microsoft.ApiManagement/service/apis/policies') : [];
    const origins = [...textOf(policy, 'properties.value').matchAll(/<origin>(.*?)<\/origin>/g)].map(([, one]) => one);

    expect(origins).toEqual([
      '{{gatewayOrigin}}',
      '{{consoleOrigin}}',
      'https://shop.example.com',
      'https://admin.example.com',
    ]);
  });
});

describe('the size of the write database', () => {
  it('has a parameter for the least vCores of a serverless one', () => {
    expect(FILES.get('infra/main.bicep')).toContain('    minVCores: sqlMinVCores\n');
    expect(FILES.get('infra/modules/sql-database.bicep')).toContain(
      'minCapacity: isServerless ? json(minVCores) : null',
    );
  });

  it('sets no interval of differential backups and no alert on a full database in the tier Hyperscale, which has neither', () => {
    expect(FILES.get('infra/modules/sql-database.bicep')).toContain(
      'diffBackupIntervalInHours: isHyperscale ? null : 24',
    );
    expect(FILES.get('infra/main.bicep')).toContain("    sqlHasLimit: sqlSku != 'HS_Gen5'\n");
    expect(FILES.get('infra/modules/alerts.bicep')).toContain("...(sqlHasLimit ? [] : ['sql-full'])");
  });
});
