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
  ACTIONS_ID_TOKEN_REQUEST_URL: '',
};
const GITHUB = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/?v=1',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'a-request-token',
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
const SUBSCRIPTION = '99999999-8888-7777-6666-555555555555';
const ID = (group: string, type: string, name: string) =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/${type}/${name}`;

interface Azure {
  readonly groupExists?: boolean;
  readonly masterKeys?: number;
  readonly sqlAccess?: 'Enabled' | 'Disabled';
  /** What `npm run migrate` does. */
  readonly migrate?: string;
  readonly permissions?: readonly unknown[];
  readonly bicep?: string;
  /** What is deleted and keeps its name: lines of name, id and region. */
  readonly deletedVaults?: string;
  readonly deletedGateways?: string;
  readonly throughputUnits?: number;
  /** What a deployment says of itself each time it is asked, the last one for ever: its HTTP status and its own. */
  readonly deployments?: readonly string[];
}

/** Azure as the script sees it. The value of the secret that is made goes to a file beside the calls. */
function answers({
  groupExists = true,
  masterKeys = 1,
  sqlAccess = 'Enabled',
  migrate = 'true',
  permissions = [...OWNER, LAKE],
  bicep = '0.38.33',
  deletedVaults = '',
  deletedGateways = '',
  throughputUnits = 1,
  deployments = ['200 4'],
}: Azure): Readonly<Record<string, Answers>> {
  return {
    az: [
      ['"account show"*', `echo "${SUBSCRIPTION} a-tenant a-client"`],
      ['"account get-access-token"*', 'echo a-management-token'],
      ['"bicep version"*', `echo "Bicep CLI version ${bicep} (abc)"`],
      ['"login"*', 'true'],
      ['"rest"*/permissions*', `echo '${JSON.stringify({ value: permissions })}'`],
      ['"keyvault list-deleted"*', `printf '${deletedVaults}'`],
      ['"keyvault recover"*', 'true'],
      ['"apim deletedservice list"*', `printf '${deletedGateways}'`],
      ['"apim deletedservice purge"*', 'true'],
      ['"eventhubs namespace list"*', `echo ${throughputUnits}`],
      [
        '"resource show"*',
        'while [ "$1" != --name ]; do shift; done; echo "$2-abc.scm.westeurope-01.azurewebsites.net"',
      ],
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
    ],
    npm: [
      [
        '"run -s package"*',
        'while [ $# -gt 1 ]; do shift; done; mkdir -p "$1"; for app in commands sync queries; do echo "$app" >"$1/$app.zip"; done',
      ],
      ['"run -s migrate"*', migrate],
    ],
    curl: [
      ['*/api/publish*', `echo '"a1cf30a3-1"'`],
      ['*/api/deployments/*', deploymentStatus(deployments)],
      ['*api://AzureADTokenExchange*', PROOF],
      ['*', 'true'],
    ],
  };
}

const OUTPUT = 'while [ "$1" != --output ]; do shift; done; out=$2';
/** Says the next status each time, and the last one for ever. */
const deploymentStatus = (statuses: readonly string[]) => `${OUTPUT}
  left="$(dirname "$0")/statuses"; [ -s "$left" ] || printf '%s\\n' ${statuses.map((status) => `'${status}'`).join(' ')} >"$left"
  read -r code status <"$left"
  if [ "$(wc -l <"$left")" -gt 1 ]; then sed -i 1d "$left"; fi
  echo "{\\"status\\": $status}" >"$out"; printf %s "$code"`;
const PROOF = `${OUTPUT}; echo '{"value":"a-new-proof"}' >"$out"`;

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
    calls.map((call) =>
      call
        .replace(/^(az [a-z -]*?|npm run -s \w+) --.*$/, '$1')
        .replace(/^curl .*https:\/\/([\w-]+)[^ ]*?(\/api\/[a-z]+).*$/, 'curl $1 $2'),
    );

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
      ...['sync', 'queries', 'commands'].flatMap((app) => [
        'az resource show',
        'az account get-access-token',
        `curl func-orders-${app}-abc /api/publish`,
        `curl func-orders-${app}-abc /api/deployments`,
      ]),
      ...Array(3).fill('curl apim-orders /api/health'),
      'az sql server firewall-rule delete',
    ]);
  });

  it('gives each app its package through the site that takes packages, without a build, and waits until it is there', async () => {
    const { code, calls } = await deploy({ deployments: ['503 0', '200 0', '200 2', '200 4', '200 4'] });
    const asked = calls.filter((call) => call.includes('func-orders-sync-abc') && call.startsWith('curl'));

    expect(code).toBe(0);
    expect(asked[0]).toMatch(
      /--header Content-Type: application\/zip --data-binary @\S+\/sync\.zip https:\/\/func-orders-sync-abc\.scm\.westeurope-01\.azurewebsites\.net\/api\/publish\?RemoteBuild=false&Deployer=deploy\.sh$/,
    );
    expect(asked.slice(1).map((call) => call.split('.net').at(-1))).toEqual(
      Array(4).fill('/api/deployments/a1cf30a3-1'),
    );
  });

  it('takes a deployment whose record was put away after it had begun as over', async () => {
    expect((await deploy({ deployments: ['200 2', '404 0', '200 4'] })).code).toBe(0);
  });

  it.each([
    ['failed', '200 3', 'the deployment failed'],
    ['succeeded in part', '200 6', 'the deployment failed'],
    ['was cancelled', '200 -1', 'the deployment was cancelled'],
    ['met another one', '200 5', 'another deployment'],
  ])('stops where a deployment %s', async (_, status, message) => {
    const { code, calls, output } = await deploy({ deployments: [status] });

    expect(code).toBe(1);
    expect(output).toContain(`func-orders-sync: ${message}`);
    expect(calls.join('\n')).not.toContain('func-orders-queries-abc');
  });

  it('shows the tokens that it signs in with to nobody', async () => {
    const { calls, output } = await deploy({}, [], GITHUB);

    expect([...calls, output].join('\n')).not.toMatch(/a-management-token|a-request-token|a-new-proof/);
  });

  it('signs in again after the template, where the first proof of GitHub is over by then', async () => {
    const { code, calls } = await deploy({}, [], GITHUB);
    const after = calls.slice(calls.findIndex((call) => call.includes('deployment group create')) + 1);

    expect(code).toBe(0);
    expect(after[0]).toMatch(/^curl .*https:\/\/token\.example\/\?v=1&audience=api:\/\/AzureADTokenExchange$/);
    expect(after[1]).toMatch(/^az login --service-principal --username a-client --tenant a-tenant --federated-token @/);
  });

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
    await fakes?.remove();
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
      'az deployment group what-if',
    ]);
    expect(calls.at(-1)).toContain('--validation-level ProviderNoRbac');
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
