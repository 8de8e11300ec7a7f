import { describe, expect, it } from 'vitest';
import { deploy } from '../../support/infra/deploy.ts';

const GITHUB = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/?v=1',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'a-request-token',
};

describe('how infra/deploy.sh gives apps their packages', () => {
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
});
