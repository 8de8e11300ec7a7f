import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { type Answers, type FakeCommands, fakeCommands } from '../support/fake-commands.ts';
import { DEPLOYMENTS, TEMPLATE } from '../support/infra.ts';

const SCRIPT = resolve(import.meta.dirname, '../../infra/deploy.sh');
const ARGUMENTS = [
  '--environment',
  'dev',
  '--resource-group',
  'orders-dev',
  '--location',
  'westeurope',
  '--subscription',
  'mine',
];
const SETTINGS = {
  SQL_ADMINISTRATORS_NAME: 'orders-administrators',
  SQL_ADMINISTRATORS_ID: '11111111-2222-3333-4444-555555555555',
  AUTH_AUDIENCE: 'api://orders',
  ALERT_EMAILS: 'ops@example.com',
  DEPLOYER_IP: '192.0.2.7',
  RETRY_SECONDS: '0',
};
const CLIENT_ID = '00112233-4455-6677-8899-aabbccddeeff';

/** What the template says after a deployment. */
const OUTPUTS = Object.fromEntries(
  Object.entries({
    gatewayUrl: 'https://apim-orders.azure-api.net',
    commandsAppName: 'func-orders-commands',
    syncAppName: 'func-orders-sync',
    queriesAppName: 'func-orders-queries',
    commandsIdentityName: 'id-orders-commands',
    commandsIdentityClientId: CLIENT_ID,
    syncIdentityName: 'id-orders-sync',
    syncIdentityClientId: CLIENT_ID,
    sqlServerName: 'sql-orders',
    sqlServerFullyQualifiedName: 'sql-orders.database.windows.net',
    sqlDatabaseName: 'orders',
    keyVaultName: 'kv-orders',
  }).map(([name, value]) => [name, { type: 'String', value }]),
);

interface Azure {
  readonly groupExists?: boolean;
  readonly masterKeys?: number;
  readonly sqlAccess?: 'Enabled' | 'Disabled';
  /** What `npm run migrate` does. */
  readonly migrate?: string;
}

/** Azure as the script sees it. The value of the secret that is made goes to a file beside the calls. */
function answers({
  groupExists = true,
  masterKeys = 1,
  sqlAccess = 'Enabled',
  migrate = 'true',
}: Azure): Readonly<Record<string, Answers>> {
  return {
    az: [
      ['"account show"*', 'true'],
      ['"group exists"*', `echo ${groupExists}`],
      ['"group create"*', 'true'],
      ['"deployment group what-if"*', 'echo "+ Microsoft.Sql/servers"'],
      ['"deployment group create"*', `echo '${JSON.stringify(OUTPUTS)}'`],
      ['"keyvault secret list"*', `echo ${masterKeys}`],
      [
        '"keyvault secret set"*',
        'while [ "$1" != --file ]; do shift; done; cp "$2" "$(dirname "$0")/secret"; stat -c %a "$2" >"$(dirname "$0")/mode"',
      ],
      ['"sql server show"*', `echo ${sqlAccess}`],
      ['"sql server firewall-rule"*', 'true'],
      ['"functionapp deployment source config-zip"*', 'true'],
    ],
    npm: [
      [
        '"run -s package"*',
        'while [ $# -gt 1 ]; do shift; done; mkdir -p "$1"; for app in commands sync queries; do echo "$app" >"$1/$app.zip"; done',
      ],
      ['"run -s migrate"*', migrate],
    ],
    curl: [['*', 'true']],
  };
}

describe('infra/deploy.sh', () => {
  let fakes: FakeCommands | undefined;
  afterEach(() => fakes?.remove());

  async function deploy(azure: Azure = {}, more: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    fakes = await fakeCommands(answers(azure));
    const own = {
      ...process.env,
      ...SETTINGS,
      PATH: `${fakes.folder}:${process.env.PATH}`,
      TMPDIR: fakes.folder,
      ...env,
    };
    const packages = more.includes('--what-if') ? [] : ['--packages', await packagesIn(fakes.folder)];
    const { code, stdout, stderr } = await promisify(execFile)('bash', [SCRIPT, ...ARGUMENTS, ...packages, ...more], {
      env: own,
    })
      .then((output) => ({ code: 0, ...output }))
      .catch((error: { code: number; stdout: string; stderr: string }) => error);
    return { code, output: stdout + stderr, calls: await fakes.calls(), folder: fakes.folder };
  }

  /** Of each call the words that say what it does. */
  const steps = (calls: readonly string[]) =>
    calls.map((call) => call.replace(/^(az [a-z -]*?|npm run -s \w+|curl) --.*$/, '$1').replace(/^curl.*$/, 'curl'));

  it('does one thing after the other: template, key, database, apps that read before the one that publishes, a look at each', async () => {
    const { code, calls } = await deploy({ groupExists: false, masterKeys: 0 });

    expect(code).toBe(0);
    expect(steps(calls)).toEqual([
      'az account show',
      'az group exists',
      'az group create',
      'az deployment group create',
      'az keyvault secret list',
      'az keyvault secret set',
      'az sql server show',
      'az sql server firewall-rule create',
      'npm run -s migrate',
      ...Array(3).fill('az functionapp deployment source config-zip'),
      ...Array(3).fill('curl'),
      'az sql server firewall-rule delete',
    ]);
    const apps = calls.flatMap((call) => /config-zip .*--name (\S+)/.exec(call)?.[1] ?? []);
    expect(apps).toEqual(['func-orders-sync', 'func-orders-queries', 'func-orders-commands']);
  });

  it('gives each identity its role in the database, and signs in without a password', async () => {
    const { calls } = await deploy();

    expect(calls.find((call) => call.includes('migrate'))).toBe(
      `npm run -s migrate -- --connection Server=sql-orders.database.windows.net,1433;Database=orders;Encrypt=true --user id-orders-commands=${CLIENT_ID}:order_commands --user id-orders-sync=${CLIENT_ID}:order_sync`,
    );
  });

  it('asks for one subscription in every call', async () => {
    const { calls } = await deploy({ groupExists: false, masterKeys: 0 });

    expect(calls.filter((call) => call.startsWith('az ') && !call.includes('--subscription mine'))).toEqual([]);
  });

  it('changes nothing with --what-if', async () => {
    const { code, calls, output } = await deploy({}, ['--what-if']);

    expect(code).toBe(0);
    expect(steps(calls)).toEqual(['az account show', 'az group exists', 'az deployment group what-if']);
    expect(output).toContain('Nothing was changed.');
  });

  it('makes a master key of 32 bytes, in a file for the owner alone, and shows it to nobody', async () => {
    const { calls, output, folder } = await deploy({ masterKeys: 0 });
    const key = readFileSync(join(folder, 'secret'), 'utf8');

    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(readFileSync(join(folder, 'mode'), 'utf8').trim()).toBe('600');
    expect([...calls, output].filter((text) => text.includes(key))).toEqual([]);
  });

  it('never makes another master key', async () => {
    expect(steps((await deploy({ masterKeys: 1 })).calls)).not.toContain('az keyvault secret set');
  });

  it('makes the same calls when it is run again', async () => {
    const first = (await deploy()).calls;
    await fakes?.remove();
    const second = (await deploy()).calls;

    expect(steps(second)).toEqual(steps(first));
    expect(steps(second)).not.toContain('az group create');
  });

  it('lets nobody through the firewall of a server that is not public', async () => {
    expect(steps((await deploy({ sqlAccess: 'Disabled' })).calls).join('\n')).not.toContain('firewall-rule');
  });

  it('closes the firewall again when the database cannot be migrated, and deploys no app', async () => {
    const { code, calls } = await deploy({ migrate: 'echo broken >&2; exit 1' });

    expect(code).toBe(1);
    expect(steps(calls).slice(-2)).toEqual(['npm run -s migrate', 'az sql server firewall-rule delete']);
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
    ['a missing setting', [], { AUTH_AUDIENCE: '' }, 'AUTH_AUDIENCE is not set'],
  ])('refuses %s before it asks Azure for anything', async (_, more, env, message) => {
    const { code, calls, output } = await deploy({}, more, env);

    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(output).toContain(message);
  });
});

const WORKFLOWS = ['ci.yml', 'deploy.yml'].map((name) => [
  name,
  readFileSync(resolve(import.meta.dirname, '../../.github/workflows', name), 'utf8'),
]);

describe('what the script takes from elsewhere', () => {
  const text = readFileSync(SCRIPT, 'utf8');

  it('are outputs that the template has, and all of them', () => {
    const [, deployment] = DEPLOYMENTS[0] ?? [];
    const words = new Set(text.split(/\s+|\)/));

    expect([...(deployment?.outputs.properties.keys() ?? [])].filter((name) => !words.has(name))).toEqual([]);
    expect(Object.keys(OUTPUTS).filter((name) => deployment?.outputs.get(name) === undefined)).toEqual([]);
  });

  it.each(TEMPLATE.parameterFiles.map((file) => [file.path, file.text]))(
    'is explained for %s',
    (_, parameters = '') => {
      const needed = [...parameters.matchAll(/readEnvironmentVariable\('(\w+)'/g)].map(([, name = '']) => name);
      const help = text.split(/^TEXT$/m)[0] ?? '';

      expect(needed.filter((name) => !new RegExp(`\\b${name}\\b`).test(help))).toEqual([]);
    },
  );

  it.each(WORKFLOWS)('is given to it by %s', (name = '', workflow = '') => {
    const environments = name === 'ci.yml' ? ['infra/dev.bicepparam'] : TEMPLATE.parameterFiles.map(({ path }) => path);
    const needed = TEMPLATE.parameterFiles
      .filter(({ path }) => environments.includes(path))
      .flatMap((file) =>
        [...file.text.matchAll(/readEnvironmentVariable\('(\w+)'\)/g)].map(([, setting = '']) => setting),
      );

    expect(needed.filter((setting) => !new RegExp(`^ +${setting}: `, 'm').test(workflow))).toEqual([]);
  });
});

/** Packages that are there already. */
async function packagesIn(folder: string): Promise<string> {
  await Promise.all(['commands', 'sync', 'queries'].map((app) => writeFile(join(folder, `${app}.zip`), app)));
  return folder;
}
