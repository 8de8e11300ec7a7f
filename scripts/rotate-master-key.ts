/** Gives the master key of this machine a new version: `npm run rotate-master-key`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rotateMasterKey } from '../local/master-key-file.ts';
import { readOptions } from './cli/read-options.ts';

const HELP = `Gives the master key of the system on this machine a new version.

  npm run rotate-master-key

  --data   folder that holds the master key (.data)

New customers' data keys are wrapped under it at once. Within the hour a timer of the command app wraps all others anew
(KEY_ROTATION_SCHEDULE); until then the version before is needed. In Azure the master key is a secret in Key Vault, which
"az keyvault secret set" gives a new version: see docs/operations.md.`;

const { values } = readOptions({
  options: { data: { type: 'string', default: '.data' }, help: { type: 'boolean', short: 'h' } },
});
const path = join(values.data, 'master-key.json');

if (values.help) {
  console.log(HELP);
} else if (existsSync(path)) {
  console.log(`${path} has version ${await rotateMasterKey(path)} now.`);
} else {
  console.error(`There is no ${path}: "npm start" makes it. Another folder? Try --help.`);
  process.exitCode = 2;
}
