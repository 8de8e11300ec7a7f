import { describe, expect, it } from 'vitest';
import { CLIENT_ID } from '../../support/infra/azure-answers.ts';
import { runHook, steps } from '../../support/infra/deploy.ts';

describe('the hook of azd before the template', () => {
  it('checks the rights, and frees the names of what was deleted', async () => {
    const { code, calls } = await runHook('preprovision');

    expect(code).toBe(0);
    expect(steps(calls)).toEqual([
      'az account show',
      'az rest',
      'az keyvault list-deleted',
      'az apim deletedservice list',
      'az eventhubs namespace list',
    ]);
  });

  it('names the setting that is missing', async () => {
    const { code, calls, output } = await runHook('preprovision', {}, { AUTH_AUDIENCE: '' });

    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(output).toContain('the environment variable AUTH_AUDIENCE is not set');
  });

  it('leaves Azure alone when azd has not asked for the resource group yet', async () => {
    const { code, calls } = await runHook('preprovision', {}, { AZURE_RESOURCE_GROUP: '' });

    expect({ code, calls }).toEqual({ code: 0, calls: [] });
  });

  it('fails when a role is missing', async () => {
    expect(await runHook('preprovision', { permissions: [] })).toMatchObject({
      code: 1,
      output: expect.stringContaining('preprovision.sh: these roles are missing on orders-dev or above'),
    });
  });
});

describe('the hook of azd after the template', () => {
  it('makes the master key, migrates the database, deploys the packages, and closes the firewall again', async () => {
    const { code, calls } = await runHook('postprovision', { masterKeys: 0 });

    expect(code).toBe(0);
    expect(steps(calls)).toEqual([
      'az keyvault secret list',
      'az keyvault secret set',
      'az sql server show',
      'az sql server firewall-rule create',
      'npm run -s migrate',
      'npm run -s package',
      ...Array(3).fill(['az storage blob upload', 'az functionapp restart', 'az resource invoke-action']).flat(),
      ...Array(3).fill('curl apim-orders /api/health'),
      'az sql server firewall-rule delete',
    ]);
  });

  it('gives each identity its role in the database', async () => {
    const { calls } = await runHook('postprovision');

    expect(calls.find((call) => call.startsWith('npm') && call.includes('migrate'))).toBe(
      `npm run -s migrate -- --connection Server=sql-orders.database.windows.net,1433;Database=orders;Encrypt=true --user id-orders-commands=${CLIENT_ID}:order_commands --user id-orders-sync=${CLIENT_ID}:order_sync`,
    );
  });

  it('never makes another master key', async () => {
    expect(steps((await runHook('postprovision', { masterKeys: 1 })).calls)).not.toContain('az keyvault secret set');
  });

  it('makes no packages when the database cannot be migrated', async () => {
    const { code, calls } = await runHook('postprovision', { migrate: 'echo broken >&2; exit 1' });

    expect(code).toBe(1);
    expect(steps(calls).slice(-2)).toEqual(['npm run -s migrate', 'az sql server firewall-rule delete']);
  });

  it('asks each app through the gateway whether it is ready, and says where the API is', async () => {
    const { calls, output } = await runHook('postprovision');
    const asked = calls.filter((call) => call.startsWith('curl'));

    expect(asked.map((call) => call.split('?').at(-1))).toEqual(['app=sync', 'app=queries', 'app=commands']);
    expect(output).toContain('https://apim-orders.azure-api.net/api/docs');
  });
});
