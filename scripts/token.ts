/** Prints a token of the development issuer and nothing else: `npm run -s token -- --role admin [--customer c1]`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDevelopmentIssuer } from '../local/development-issuer.ts';
import { ROLES } from '../src/shared/auth/authenticate.ts';
import { readOptions } from './cli/read-options.ts';

const HELP = `Prints an access token for the system on this machine.

  npm run -s token -- --role admin
  npm run -s token -- --role customer --customer c1

  --role       admin, customer, warehouse or analyst; may repeat
  --customer   the customer that the caller is, for the role customer
  --hours      until it expires (12)
  --data       folder that holds the issuer's key (.data)`;

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
} else if (values.role.length === 0 || unknown.length > 0 || !(hours > 0)) {
  console.error(
    unknown.length > 0
      ? `There is no role ${unknown.join(', ')}: choose from ${ROLES.join(', ')}.`
      : `Give at least one --role of ${ROLES.join(', ')}, and --hours above 0. Try --help.`,
  );
  process.exitCode = 2;
} else if (!existsSync(folder)) {
  console.error(`There is no ${folder}: "npm start" makes it. Another folder? Give it with --data.`);
  process.exitCode = 2;
} else {
  const issuer = await openDevelopmentIssuer(folder);
  console.log(
    await issuer.sign({ roles: values.role, customerId: values.customer, lifetime: Math.round(hours * 3600) }),
  );
}
