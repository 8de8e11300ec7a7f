import { describe, expect, it } from 'vitest';
import { SUBSCRIPTION } from '../../support/infra/azure-answers.ts';
import { deploy, steps } from '../../support/infra/deploy.ts';

const OWNER = [
  { actions: ['*'], notActions: [], dataActions: [], notDataActions: [] },
  { actions: [], notActions: [], dataActions: ['Microsoft.KeyVault/vaults/secrets/*'], notDataActions: [] },
];
const LAKE = {
  actions: [],
  notActions: [],
  dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'],
  notDataActions: [],
};
const CONTRIBUTOR = {
  actions: ['*'],
  notActions: ['Microsoft.Authorization/*/Write'],
  dataActions: [],
  notDataActions: [],
};
const ID = (group: string, type: string, name: string) =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/${type}/${name}`;

describe('what infra/deploy.sh looks at before it deploys the template', () => {
  it.each([
    ['capture of events', OWNER, 'Storage Blob Data Contributor'],
    ['the master key', [OWNER[0], LAKE], 'Key Vault Secrets Officer'],
    ['giving rights', [CONTRIBUTOR, OWNER[1], LAKE], 'Role Based Access Control Administrator'],
  ])('names the role that is missing for %s before it deploys anything', async (_, permissions, role) => {
    const { code, calls, output } = await deploy({ permissions });

    expect(code).toBe(1);
    expect(output).toContain(
      `these roles are missing on orders-dev or above; a new one takes some minutes to hold: ${role}.`,
    );
    expect(steps(calls)).not.toContain('az deployment group create');
  });

  const RBAC_ADMINISTRATOR = {
    actions: [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      '*/read',
    ],
    notActions: [],
    dataActions: [],
    notDataActions: [],
  };
  const ACCESS_ADMINISTRATOR = { ...RBAC_ADMINISTRATOR, actions: ['*/read', 'Microsoft.Authorization/*'] };
  const PROD = ['--environment', 'prod'];
  const ORIGINS = { ALLOWED_ORIGINS: 'https://shop.example.com' };

  it('names the role that is missing for the locks of prod', async () => {
    const permissions = [CONTRIBUTOR, RBAC_ADMINISTRATOR, OWNER[1], LAKE];
    const { code, calls, output } = await deploy({ permissions }, PROD, ORIGINS);

    expect(code).toBe(1);
    expect(output).toContain('these roles are missing on orders-dev or above');
    expect(output).toContain(': User Access Administrator.');
    expect(steps(calls)).not.toContain('az deployment group create');
  });

  it('deploys prod with that role, and dev, which has no locks, without it', async () => {
    const others = [CONTRIBUTOR, OWNER[1], LAKE];
    const prod = await deploy({ permissions: [...others, ACCESS_ADMINISTRATOR] }, PROD, ORIGINS);
    const dev = await deploy({ permissions: [...others, RBAC_ADMINISTRATOR] });

    expect([prod.code, dev.code]).toEqual([0, 0]);
  });

  it('recovers the key vault that was deleted with this group, and purges its API Management: the template needs their names', async () => {
    const line = (group: string, type: string, name: string) => `${name}\\t${ID(group, type, name)}\\tWest Europe\\n`;
    const deleted = (type: string, name: string) =>
      line('other', type, `${name}-other`) + line('ORDERS-DEV', type, name);
    const { code, calls } = await deploy({
      deletedVaults: deleted('Microsoft.KeyVault/vaults', 'kv-orders'),
      deletedGateways: deleted('Microsoft.ApiManagement/service', 'apim-orders'),
    });

    expect(code).toBe(0);
    expect(calls.filter((call) => /recover|purge/.test(call)).map((call) => call.split(' --subscription')[0])).toEqual([
      'az keyvault recover --name kv-orders --resource-group orders-dev --location westeurope --output none',
      'az apim deletedservice purge --service-name apim-orders --location westeurope --output none',
    ]);
  });

  it('says so when the template takes throughput units away that Event Hubs has added', async () => {
    expect((await deploy({ throughputUnits: 4 })).output).toContain(
      'Event Hubs has 4 throughput units and gets 1 again',
    );
    expect((await deploy({ throughputUnits: 1 })).output).not.toContain('throughput units');
  });

  it.each(['0.33.93', ''])('refuses Bicep "%s", which does not know all that the template says', async (bicep) => {
    const { code, calls, output } = await deploy({ bicep });

    expect(code).toBe(1);
    expect(output).toContain('Bicep 0.34 or newer is needed: az bicep upgrade');
    expect(steps(calls)).not.toContain('az deployment group create');
  });

  it('deploys the template and nothing else with --only-template', async () => {
    const { code, calls, output } = await deploy({}, ['--only-template']);

    expect(code).toBe(0);
    expect(steps(calls).at(-1)).toBe('az deployment group create');
    expect(output).toContain('without --only-template');
  });
});
