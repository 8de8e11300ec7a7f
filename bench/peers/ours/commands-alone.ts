import { join } from 'node:path';
import { cpuByRole } from '../cpu.ts';
import type { Peer } from '../peer.ts';
import { startProcess } from '../peer-process.ts';
import { countStored, fillShop } from './system.ts';

/** What the program of the commands app tells when it is ready. */
export interface CommandsAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The command app alone: it writes and publishes, and nothing consumes the events. */
export const commandsAlone: Peer = {
  name: 'This project, the command app alone',
  start: async (folder) => {
    const program = await startProcess('./ours/commands-server.ts', [folder]);
    const { url, headers }: CommandsAddress = JSON.parse(program.address);
    await fillShop(url, headers);
    return {
      url,
      headers,
      serves: { reads: false },
      count: async () => {
        const stored = countStored(join(folder, 'orders.db'));
        return { stored, projected: stored };
      },
      cpu: () => cpuByRole(program.pid, (command) => !command.includes('functions-host')),
      stop: program.stop,
    };
  },
};
