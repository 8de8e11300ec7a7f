import { expect, it } from 'vitest';
import { requireFreePorts } from '../../local/free-ports.ts';
import { parseOptions } from '../../local/options.ts';
import { PORT_OPTIONS, takenPort } from '../support/system/ports.ts';

const portsOf = (...args: readonly string[]) => parseOptions(args, true).ports;
const ANY_PORTS = PORT_OPTIONS.flatMap((option) => [option, '0']);

it.each(PORT_OPTIONS)('the port of %s is reported when it is in use', async (option) => {
  const port = await takenPort();
  await expect(requireFreePorts(portsOf(...ANY_PORTS, option, String(port)))).rejects.toThrow(
    `Port ${port} (${option}) is in use. Stop the program that uses it, such as another "npm start", or choose another port with this option.`,
  );
});

it('ports that are picked by the system are free', async () => {
  await requireFreePorts(portsOf(...ANY_PORTS));
});
