import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Answers, fakeCommands } from '../../support/infra/fake-commands.ts';

const SCRIPT = resolve(import.meta.dirname, '../../../infra/deploy/publish-console.sh');
const ARGUMENTS = Object.entries({
  '--resource-group': 'orders-dev',
  '--subscription': 'mine',
  '--client-id': 'a-client',
  '--scope': 'api://orders/access_as_user',
}).flat();
const OUTPUTS = [
  'stapp-orders',
  'https://orders.azurestaticapps.net',
  'https://apim-orders.azure-api.net',
  'https://wps-orders.webpubsub.azure.com',
];
/** Installs a fake of the Static Web Apps CLI, which runs a script and records its call and its token. */
const INSTALL = (
  script: string,
) => `echo "npm has token \${SWA_CLI_DEPLOYMENT_TOKEN-none}" >>"$(dirname "$0")/calls.log"
  mkdir -p "$3/node_modules/.bin"
  printf '#!/bin/sh\\necho "swa $* with $SWA_CLI_DEPLOYMENT_TOKEN" >>%s\\n${script}\\n' "$(dirname "$0")/calls.log" >"$3/node_modules/.bin/swa"
  chmod +x "$3/node_modules/.bin/swa"`;

/**
 * Runs the script.
 * @param outputs of the last successful deployment; empty without one
 * @param upload what the upload does, as a shell command
 */
async function publish(outputs: readonly string[] = OUTPUTS, upload = 'true') {
  const az: Answers = [
    ['"deployment group list"*', `printf '${outputs.join('\\t')}'`],
    ['"account show"*', 'echo a-tenant'],
    ['"staticwebapp secrets list"*', 'echo a-token'],
    ['"staticwebapp secrets reset-api-key"*', 'true'],
  ];
  const npm: Answers = [
    ['"run -s build:console"*', 'true'],
    ['"ci --prefix"*', INSTALL(upload)],
  ];
  const fakes = await fakeCommands({ az, npm });
  try {
    const env = { ...process.env, PATH: `${fakes.folder}:${process.env.PATH}`, TMPDIR: fakes.folder };
    const { code, stdout, stderr } = await promisify(execFile)('bash', [SCRIPT, ...ARGUMENTS], { env })
      .then((output) => ({ code: 0, ...output }))
      .catch((error: { code: number; stdout: string; stderr: string }) => error);
    const calls = (await fakes.calls()).map((call) => call.replaceAll(/\S*\/tmp\.\w+/g, '<work>'));
    return { code, stdout, stderr, calls };
  } finally {
    await fakes.remove();
  }
}

describe('infra/deploy/publish-console.sh', () => {
  it('builds the console for the addresses of the system, and uploads it', async () => {
    const { code, stdout, calls } = await publish();

    expect({ code, stdout }).toEqual({ code: 0, stdout: 'https://orders.azurestaticapps.net\n' });
    expect(calls).toContain(
      'npm run -s build:console -- --out <work>/site --api https://apim-orders.azure-api.net/api --push https://wps-orders.webpubsub.azure.com --client-id a-client --tenant a-tenant --scope api://orders/access_as_user',
    );
    expect(calls).toContain('swa deploy <work>/site --env production with a-token');
  });

  it('installs what it uploads with from a lock file, without scripts, and before it has the token', async () => {
    const { calls } = await publish();
    const install = calls.findIndex((call) => call.startsWith('npm ci --prefix <work> --ignore-scripts'));

    expect(install).toBeGreaterThan(0);
    expect(calls[install + 1]).toBe('npm has token none');
    expect(calls.findIndex((call) => call.includes('secrets list'))).toBeGreaterThan(install);
  });

  it.each([
    ['an upload', 'true', 0],
    ['an upload that fails', 'exit 3', 3],
  ])('replaces the token after %s', async (_, upload, expected) => {
    const { code, calls } = await publish(OUTPUTS, upload);

    expect(code).toBe(expected);
    expect(calls.at(-1)).toContain('az staticwebapp secrets reset-api-key --name stapp-orders');
  });

  it('finds the deployment by its outputs, whatever its name is', async () => {
    const { calls } = await publish();
    const [list = ''] = calls.filter((call) => call.startsWith('az deployment group list'));

    expect(list).toContain("properties.provisioningState=='Succeeded' && properties.outputs.webPubSubUrl");
    expect(list).not.toContain('name,');
  });

  it('says in one sentence that there is no deployment, and asks for no token', async () => {
    const { code, stderr, calls } = await publish([]);

    expect(code).toBe(1);
    expect(stderr).toBe(
      'publish-console.sh: the resource group orders-dev has no successful deployment of this template: run infra/deploy.sh first.\n',
    );
    expect(calls).toHaveLength(1);
  });

  it('asks for one subscription in every call', async () => {
    const { calls } = await publish();

    expect(calls.filter((call) => call.startsWith('az ') && !call.includes('--subscription mine'))).toEqual([]);
  });
});
