import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Azure, azureAnswers, OUTPUTS } from './azure-answers.ts';
import { fakeCommands } from './fake-commands.ts';

export const SCRIPT = resolve(import.meta.dirname, '../../../infra/deploy.sh');
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
  AUTH_ALLOWED_CLIENTS: 'shop',
  ALERT_EMAILS: 'ops@example.com',
  DEPLOYER_IP: '20.76.10.7',
  RETRY_SECONDS: '0',
  ACTIONS_ID_TOKEN_REQUEST_URL: '',
};

/** What a run of infra/deploy.sh did. */
export interface Deployed {
  readonly code: number;
  /** All that it said. */
  readonly output: string;
  /** Every call of az, npm and curl. */
  readonly calls: readonly string[];
  /** The master key, where it made one, and the mode of the file that it came from. */
  readonly secret: string;
  readonly mode: string;
}

/**
 * Runs infra/deploy.sh with packages that are there already.
 * @param azure how Azure is
 * @param more options
 * @param env more settings
 */
export const deploy = (
  azure: Azure = {},
  more: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Deployed> =>
  run(azure, env, async (folder) => {
    const packages = more.includes('--what-if') ? [] : ['--packages', await packagesIn(folder)];
    return [SCRIPT, ...ARGUMENTS, ...packages, ...more];
  });

/**
 * Runs a hook of the Azure Developer CLI, in the environment that it gives to hooks: its own variables, and the template's outputs.
 * @param name such as `preprovision`
 * @param azure how Azure is
 * @param env more settings
 */
export const runHook = (
  name: string,
  azure: Azure = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Deployed> => run(azure, { ...HOOK_ENVIRONMENT, ...env }, async () => [join(HOOKS, `${name}.sh`)]);

const HOOKS = resolve(import.meta.dirname, '../../../infra/azd');
const HOOK_ENVIRONMENT = {
  AZURE_SUBSCRIPTION_ID: 'mine',
  AZURE_RESOURCE_GROUP: 'orders-dev',
  ...Object.fromEntries(Object.entries(OUTPUTS).map(([name, { value }]) => [name, value])),
};

async function run(
  azure: Azure,
  env: Readonly<Record<string, string>>,
  command: (folder: string) => Promise<readonly string[]>,
): Promise<Deployed> {
  const fakes = await fakeCommands(azureAnswers(azure));
  try {
    const path = `${fakes.folder}:${process.env.PATH}`;
    const own = { ...process.env, ...SETTINGS, PATH: path, TMPDIR: fakes.folder, ...env };
    const { code, stdout, stderr } = await promisify(execFile)('bash', await command(fakes.folder), { env: own })
      .then((output) => ({ code: 0, ...output }))
      .catch((error: { code: number; stdout: string; stderr: string }) => error);
    const kept = (name: string) => readFile(join(fakes.folder, name), 'utf8').catch(() => '');
    const [calls, secret, mode] = await Promise.all([fakes.calls(), kept('secret'), kept('mode')]);
    return { code, output: stdout + stderr, calls, secret, mode: mode.trim() };
  } finally {
    await fakes.remove();
  }
}

/** Of each call the words that say what it does. */
export const steps = (calls: readonly string[]) =>
  calls.map((call) =>
    call
      .replace(/^(az [a-z -]*?|npm run -s \w+) --.*$/, '$1')
      .replace(/^curl .*https:\/\/([\w-]+)[^ ]*?(\/api\/[a-z]+).*$/, 'curl $1 $2'),
  );

async function packagesIn(folder: string): Promise<string> {
  await Promise.all(['commands', 'sync', 'queries'].map((app) => writeFile(join(folder, `${app}.zip`), app)));
  return folder;
}
