import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pageHeaders } from '../../src/shared/http/page-headers.ts';

/** Where a deployed console finds the API, and who signs people in. */
export interface AzureConsole {
  /** Such as `https://apim-orders.azure-api.net/api`. */
  readonly apiUrl: string;
  /** Of Web PubSub, such as `https://wps-orders.webpubsub.azure.com`. */
  readonly pushUrl: string;
  /** Client id of the console's app registration, a single-page application. */
  readonly clientId: string;
  readonly tenantId: string;
  /** Such as `api://<client id of the API>/access_as_user`. */
  readonly scope: string;
}

const LOGIN = 'https://login.microsoftonline.com';

/** Writes the files that a deployed console needs beside its build: its configuration, and the rules of the Static Web App. */
export async function writeAzureFiles(
  folder: string,
  { apiUrl, pushUrl, clientId, tenantId, scope }: AzureConsole,
): Promise<void> {
  const config = { signIn: 'entra', apiUrl, clientId, authority: `${LOGIN}/${tenantId}`, scope };
  const site = {
    // Every address that is not a file is a page, which the console shows itself.
    navigationFallback: { rewrite: '/index.html', exclude: ['/assets/*', '/*.{js,json,svg}'] },
    globalHeaders: pageHeaders({ connectTo: [new URL(apiUrl).origin, LOGIN, `wss://${new URL(pushUrl).host}`] }),
    routes: [{ route: '/assets/*', headers: { 'cache-control': 'public, max-age=31536000, immutable' } }],
  };
  await mkdir(folder, { recursive: true });
  await writeJson(join(folder, 'console.json'), config);
  await writeJson(join(folder, 'staticwebapp.config.json'), site);
}

const writeJson = (path: string, value: object) => writeFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
