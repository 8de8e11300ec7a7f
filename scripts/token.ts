/** Prints only a token from the development issuer: `npm run -s token -- --role admin [--customer c1]`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDevelopmentIssuer } from '../local/development-issuer.ts';
import { ROLES } from '../src/shared/auth/authenticate.ts';
import { explained } from './cli/explained.ts';
import { readOptions } from './cli/read-options.ts';

const HELP = `Prints an access token for the local system.

  npm run -s token -- --role admin
  npm run -s token -- --role customer --customer c1

  --role       admin, customer, warehouse or analyst; can be repeated
  --customer   the caller's customer ID, for the role customer
  --hours      hours until the token expires, at most 24 (12)
  --data       folder that contains the issuer's key (.data)`;

const { values } = readOptions({
  options: {
    role: { type: 'string', multiple: true, default: [] },
    customer: { type: 'string' },
    hours: { type: 'string', default: '12' },
    data: { type: 'string', default: '.data' },
    help: { type: 'boolean', short: 'h' },
  },
});

const unknown = values.role.filter((role) => !ROLES.some((known) => known === role));
const hours = Number(values.hours);
const folder = join(values.data, 'development-issuer');

if (values.help) {
  console.log(HELP);
} else if (values.role.length === 0 || unknown.length > 0 || !(hours > 0 && hours <= 24)) {
  console.error(
    unknown.length > 0
      ? `Unknown role ${unknown.join(', ')}. Choose from ${ROLES.join(', ')}.`
      : `Specify at least one --role (${ROLES.join(', ')}), and for --hours a number above 0 and at most 24. Try --help.`,
  );
  process.exitCode = 2;
} else if (!existsSync(folder)) {
  console.error(`There is no ${folder}. "npm start" creates it; use --data for another folder.`);
  process.exitCode = 2;
} else {
  await explained(values.data, async () => {
    const issuer = await openDevelopmentIssuer(folder);
    console.log(
      await issuer.sign({ roles: values.role, customerId: values.customer, lifetime: Math.round(hours * 3600) }),
    );
  });
}
