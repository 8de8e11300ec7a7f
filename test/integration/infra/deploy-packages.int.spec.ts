import { describe, expect, it } from 'vitest';
import { deploy, steps } from '../../support/infra/deploy.ts';

const GITHUB = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/?v=1',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'a-request-token',
};

describe('how infra/deploy.sh gives apps their packages', () => {
  it('writes each package with the identity that deploys, and not through the app', async () => {
    const { code, calls } = await deploy();
    const uploads = calls.filter((call) => call.startsWith('az storage blob upload'));

    expect(code).toBe(0);
    expect(uploads.map((call) => call.replaceAll(/\S+\/(\w+\.zip)/g, '$1'))).toEqual(
      ['sync', 'queries', 'commands'].map(
        (app) =>
          `az storage blob upload --account-name stpackages --container-name ${app} --name released-package.zip --file ${app}.zip --auth-mode login --overwrite --no-progress --output none --subscription mine --only-show-errors`,
      ),
    );
    expect(calls.join('\n')).not.toMatch(/\.scm\.|get-access-token/);
  });

  it('starts each app with its package before it deploys the next one', async () => {
    const { calls } = await deploy();
    const of = (app: string) => [
      `restart --resource-group orders-dev --name func-orders-${app} `,
      `--name func-orders-${app} `,
    ];
    const after = calls.filter((call) => /functionapp restart|invoke-action/.test(call));

    for (const [index, app] of ['sync', 'sync', 'queries', 'queries', 'commands', 'commands'].entries()) {
      expect(after[index]).toContain(of(app)[index % 2]);
    }
    expect(after[1]).toContain('--action syncfunctiontriggers');
    expect(after).toHaveLength(6);
  });

  it('waits until an app has started with its package', async () => {
    const { code, calls } = await deploy({ failedSyncs: 3 });

    expect(code).toBe(0);
    expect(steps(calls).filter((step) => step === 'az resource invoke-action')).toHaveLength(6);
  });

  it('lets the smoke test decide whether an app runs that has not reported its triggers', async () => {
    const { code, calls, output } = await deploy({ failedSyncs: 6 });

    expect(code).toBe(0);
    expect(output).toContain('func-orders-sync has its package, but has not reported its triggers yet');
    expect(calls.filter((call) => call.includes('/api/health/ready'))).toHaveLength(3);
  });

  it('deploys no other app when a package cannot be written', async () => {
    const { code, calls, output } = await deploy({ uploads: 'exit 1' });

    expect(code).toBe(1);
    expect(output).toContain('the package of func-orders-sync could not be written');
    expect(calls.join('\n')).not.toContain('functionapp restart');
  });

  it('shows the tokens that it signs in with to nobody', async () => {
    const { calls, output } = await deploy({}, [], GITHUB);

    expect([...calls, output].join('\n')).not.toMatch(/a-request-token|a-new-proof/);
  });

  it('signs in again after the template, where the first proof of GitHub is over by then', async () => {
    const { code, calls } = await deploy({}, [], GITHUB);
    const after = calls.slice(calls.findIndex((call) => call.includes('deployment group create')) + 1);

    expect(code).toBe(0);
    expect(after[0]).toMatch(/^curl .*https:\/\/token\.example\/\?v=1&audience=api:\/\/AzureADTokenExchange$/);
    expect(after[1]).toMatch(/^az login --service-principal --username a-client --tenant a-tenant --federated-token @/);
  });
});
