import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { writeAzureFiles } from '../../../scripts/console/azure-files.ts';

async function written() {
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await writeAzureFiles(folder, {
    apiUrl: 'https://apim-orders.azure-api.net/api',
    pushUrl: 'https://wps-orders.webpubsub.azure.com',
    clientId: 'a-client',
    tenantId: 'a-tenant',
    scope: 'api://orders/access_as_user',
  });
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  return { config: read('console.json'), site: read('staticwebapp.config.json') };
}

it('a deployed console signs in to the tenant, and never takes development tokens', async () => {
  const { config } = await written();
  expect(config).toEqual({
    signIn: 'entra',
    apiUrl: 'https://apim-orders.azure-api.net/api',
    clientId: 'a-client',
    authority: 'https://login.microsoftonline.com/a-tenant',
    scope: 'api://orders/access_as_user',
  });
});

it('a deployed console runs nothing inline, and connects only to the API, the sign-in and Web PubSub', async () => {
  const { site } = await written();
  const policy: string = site.globalHeaders['content-security-policy'];
  expect(policy).not.toContain('unsafe');
  expect(policy).toContain(
    "connect-src 'self' https://apim-orders.azure-api.net https://login.microsoftonline.com wss://wps-orders.webpubsub.azure.com;",
  );
});

it('a deployed console shows every address that is not a file itself', async () => {
  const { site } = await written();
  expect(site.navigationFallback.rewrite).toBe('/index.html');
});
