/** Rotates the master key of the local system: `npm run rotate-master-key`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rotateMasterKey } from '../local/master-key-file.ts';
import { explained } from './cli/explained.ts';
import { readOptions } from './cli/read-options.ts';

const HELP = `Rotates the master key of the local system: adds a new version.

  npm run rotate-master-key

  --data   folder that holds the master key (.data)

The new version wraps the data keys of new customers immediately. Within an hour, a timer in the command app rewraps all
other data keys (KEY_ROTATION_SCHEDULE). Keep the previous version until then. In Azure, the master key is a secret in Key
Vault; add a version with "az keyvault secret set". See docs/operations.md.`;

const { values } = readOptions({
  options: { data: { type: 'string', default: '.data' }, help: { type: 'boolean', short: 'h' } },
});
const path = join(values.data, 'master-key.json');

if (values.help) {
  console.log(HELP);
} else if (existsSync(path)) {
  await explained(values.data, async () => console.log(`${path} now has version ${await rotateMasterKey(path)}.`));
} else {
  console.error(`There is no ${path}. "npm start" creates it; use --data for another folder.`);
  process.exitCode = 2;
}
