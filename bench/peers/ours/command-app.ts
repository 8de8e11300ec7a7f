import { join } from 'node:path';
import { CLOUD_LATENCY, type Latency, NO_LATENCY } from '../../measuring/cloud-latency.ts';
import { cpuByRole } from '../cpu.ts';
import { overHttp } from '../http.ts';
import type { Peer } from '../peer.ts';
import { startProcess } from '../peer-process.ts';
import { countStored, fillShop } from './system.ts';

/** Settings of the program that runs the command app. */
export interface CommandAppSettings {
  readonly folder: string;
  readonly latency: Latency;
}

/** What the program reports when it is ready. */
export interface CommandAppAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The command app alone: nothing consumes the events that it publishes. */
export const commandApp: Peer = commandAppPeer('This project, the command app alone', NO_LATENCY);

/** The same, with the latencies of the cloud. */
export const commandAppWithLatency: Peer = commandAppPeer('This project, the command app over HTTP', CLOUD_LATENCY);

function commandAppPeer(name: string, latency: Latency): Peer {
  return {
    name,
    start: async (folder) => {
      const settings: CommandAppSettings = { folder, latency };
      const program = await startProcess('./ours/command-app-server.ts', [JSON.stringify(settings)]);
      const address: CommandAppAddress = JSON.parse(program.address);
      await fillShop(address.url, address.headers).catch(async (error: unknown) => {
        await program.stop();
        throw error;
      });
      const { place } = overHttp(address);
      return {
        place,
        count: async () => {
          const stored = countStored(join(folder, 'orders.db'));
          return { stored, projected: stored };
        },
        cpu: () => cpuByRole(program.pid, (command) => !command.includes('functions-host')),
        stop: program.stop,
      };
    },
  };
}
