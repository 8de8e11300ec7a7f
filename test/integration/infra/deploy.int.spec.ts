import { describe, expect, it } from 'vitest';
import { CLIENT_ID, SUBSCRIPTION } from '../../support/infra/azure-answers.ts';
import { deploy, steps } from '../../support/infra/deploy.ts';

describe('infra/deploy.sh', () => {
  it('does one thing after the other: template, key, database, apps that read before the one that publishes, a look at each', async () => {
    const { code, calls } = await deploy({ groupExists: false, masterKeys: 0 });

    expect(code).toBe(0);
    expect(steps(calls)).toEqual([
      'az account show',
      'az bicep version',
      'az group exists',
      'az group create',
      'az rest',
      'az keyvault list-deleted',
      'az apim deletedservice list',
      'az eventhubs namespace list',
      'az deployment group create',
      'az keyvault secret list',
      'az keyvault secret set',
      'az sql server show',
      'az sql server firewall-rule create',
      'npm run -s migrate',
      ...['sync', 'queries', 'commands'].flatMap(() => [
        'az storage blob upload',
        'az functionapp restart',
        'az resource invoke-action',
      ]),
      ...Array(3).fill('curl apim-orders /api/health'),
      'az sql server firewall-rule delete',
    ]);
  });

  it('gives each identity its role in the database, and signs in without a password', async () => {
    const { calls } = await deploy();

    expect(calls.find((call) => call.startsWith('npm') && call.includes('migrate'))).toBe(
      `npm run -s migrate -- --connection Server=sql-orders.database.windows.net,1433;Database=orders;Encrypt=true --user id-orders-commands=${CLIENT_ID}:order_commands --user id-orders-sync=${CLIENT_ID}:order_sync`,
    );
  });

  it('migrates as the one who is signed in, also on a machine that has an identity of its own', async () => {
    const { output } = await deploy({ migrate: 'echo "by $AZURE_TOKEN_CREDENTIALS"' });

    expect(output).toContain('by AzureCliCredential');
  });

  it('asks for one subscription in every call', async () => {
    const { calls } = await deploy({ groupExists: false, masterKeys: 0 });

    const others = calls.filter((call) => call.startsWith('az ') && !call.includes('--subscription mine'));
    expect(steps(others)).toEqual(['az bicep version', 'az rest']);
    expect(others[1]).toContain(`--url /subscriptions/${SUBSCRIPTION}/resourcegroups/orders-dev/`);
  });

  it('changes nothing with --what-if', async () => {
    const { code, calls, output } = await deploy({}, ['--what-if']);

    expect(code).toBe(0);
    expect(steps(calls)).toEqual([
      'az account show',
      'az bicep version',
      'az group exists',
      'az deployment group list',
      'az deployment group what-if',
    ]);
    expect(calls.at(-1)).toContain('--validation-level ProviderNoRbac');
    expect(output).toContain('Nothing was changed.');
  });

  it('makes a master key of 32 bytes, in a file for the owner alone, and shows it to nobody', async () => {
    const { calls, output, secret: key, mode } = await deploy({ masterKeys: 0 });

    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(mode).toBe('600');
    expect([...calls, output].filter((text) => text.includes(key))).toEqual([]);
  });

  it('never makes another master key', async () => {
    expect(steps((await deploy({ masterKeys: 1 })).calls)).not.toContain('az keyvault secret set');
  });

  it('makes the same calls when it is run again', async () => {
    const first = (await deploy()).calls;
    const second = (await deploy()).calls;

    expect(steps(second)).toEqual(steps(first));
    expect(steps(second)).not.toContain('az group create');
  });

  it.each([
    ['keeps the kind of master key that a system has', { masterKeyKind: 'secret' }, {}, 'kind secret'],
    ['changes the kind when it is told to', { masterKeyKind: 'secret' }, { MASTER_KEY_KIND: 'key' }, 'kind key'],
    ['leaves it to the parameter file where the template was never deployed', { masterKeyKind: '' }, {}, 'kind \n'],
    ['leaves it to the parameter file in a new group', { groupExists: false }, { MASTER_KEY_KIND: '' }, 'kind \n'],
  ])('%s', async (_, azure, env, kind) => {
    const { code, output } = await deploy(azure, [], env);

    expect(code).toBe(0);
    expect(output).toContain(kind);
  });

  it('asks the last deployment for the parameter, which version 0.1.0 did not have', async () => {
    const { calls } = await deploy();

    expect(calls.find((call) => call.startsWith('az deployment group list'))).toContain(
      "--query [?name=='orders-dev'].[properties.parameters.masterKeyKind.value || 'secret']",
    );
  });

  it('deploys the apps up to the named one, and asks only those whether they are ready', async () => {
    const { code, calls } = await deploy({}, ['--until', 'sync'], { SMOKE_TOKEN: 'a-token' });
    const apps = calls.flatMap((call) => /--container-name (\w+)|[?]app=(\w+)/.exec(call)?.slice(1).join('') ?? []);

    expect(code).toBe(0);
    expect(apps.map((app) => app.replace('undefined', ''))).toEqual(['sync', 'sync']);
    expect(calls.filter((call) => call.includes('limit=1'))).toEqual([]);
  });

  it('lets nobody through the firewall of a server that is not public', async () => {
    expect(steps((await deploy({ sqlAccess: 'Disabled' })).calls).join('\n')).not.toContain('firewall-rule');
  });

  it('closes the firewall again when the database cannot be migrated, and deploys no app', async () => {
    const { code, calls } = await deploy({ migrate: 'echo broken >&2; exit 1' });

    expect(code).toBe(1);
    expect(steps(calls).slice(-2)).toEqual(['npm run -s migrate', 'az sql server firewall-rule delete']);
  });

  it('gives its firewall rule the same name in each run, so that the next one removes what a killed one left', async () => {
    const rules = async () => {
      const { calls } = await deploy();
      return calls.flatMap((call) => /firewall-rule (?:create|delete) .*--name (\S+)/.exec(call)?.[1] ?? []);
    };

    expect(await rules()).toEqual(['deployer', 'deployer']);
    expect(await rules()).toEqual(['deployer', 'deployer']);
  });

  it('waits for the firewall to let it through', async () => {
    const once =
      'if [ -e "$(dirname "$0")/open" ]; then true; else touch "$(dirname "$0")/open"; echo "Client with IP address is not allowed to access the server." >&2; exit 1; fi';
    const { code, calls } = await deploy({ migrate: once });

    expect(code).toBe(0);
    expect(steps(calls).filter((step) => step === 'npm run -s migrate')).toHaveLength(2);
  });

  it('reads an order with the token that it is given, and shows it to nobody', async () => {
    const { calls, output } = await deploy({}, [], { SMOKE_TOKEN: 'a-secret-token' });

    expect(calls.at(-2)).toMatch(/^curl .*--config .* https:\/\/apim-orders\.azure-api\.net\/api\/orders\?limit=1$/);
    expect([...calls, output].join('\n')).not.toContain('a-secret-token');
  });

  it.each([
    ['an unknown environment', ['--environment', 'test'], {}, 'there is no environment test'],
    ['an option that there is not', ['--force'], {}, 'there is no option --force'],
    ['an option without a value', ['--location'], {}, '--location needs a value'],
    ['an app that there is not', ['--until', 'gateway'], {}, 'there is no app gateway'],
    ['a missing setting', [], { AUTH_AUDIENCE: '' }, 'AUTH_AUDIENCE is not set'],
  ])('refuses %s before it asks Azure for anything', async (_, more, env, message) => {
    const { code, calls, output } = await deploy({}, more, env);

    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(output).toContain(message);
  });
});
