/** Builds the console, as it is deployed: `npm run build:console`. */
import { cp, rm } from 'node:fs/promises';
import { readOptions } from '../cli/read-options.ts';
import { writeAzureFiles } from './azure-files.ts';
import { buildConsole, CONSOLE_FOLDER } from './build.ts';

const HELP = `Builds the console into dist/console, unless it is up to date. "npm start" does this by itself.

  npm run build:console
  npm run build:console -- --out <folder> --api <url> --push <url> --client-id <id> --tenant <id> --scope <scope>

With the options, writes a copy for a Static Web App:

  --out        the folder of the copy
  --api        address of the API, such as https://apim-orders.azure-api.net/api
  --push       address of Web PubSub, such as https://wps-orders.webpubsub.azure.com
  --client-id  client id of the console's app registration
  --tenant     the Entra tenant that people sign in to
  --scope      scope of the API, such as api://<client id of the API>/access_as_user`;

const { values } = readOptions({
  options: {
    help: { type: 'boolean', short: 'h' },
    out: { type: 'string' },
    api: { type: 'string' },
    push: { type: 'string' },
    'client-id': { type: 'string' },
    tenant: { type: 'string' },
    scope: { type: 'string' },
  },
});
const { out, api: apiUrl, push: pushUrl, 'client-id': clientId, tenant: tenantId, scope } = values;

if (values.help === true) {
  console.log(HELP);
} else if (out === undefined) {
  await buildConsole();
} else if (!apiUrl || !pushUrl || !clientId || !tenantId || !scope) {
  console.error('--out needs --api, --push, --client-id, --tenant and --scope, too. Try --help.');
  process.exitCode = 2;
} else {
  await buildConsole();
  await rm(out, { recursive: true, force: true });
  await cp(CONSOLE_FOLDER, out, { recursive: true });
  await writeAzureFiles(out, { apiUrl, pushUrl, clientId, tenantId, scope });
}
