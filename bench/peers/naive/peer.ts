import { join } from 'node:path';
import { cpuOf } from '../cpu.ts';
import { overHttp } from '../http.ts';
import { NO_LATENCY } from '../../measuring/cloud-latency.ts';
import type { Peer } from '../peer.ts';
import { startProcess } from '../peer-process.ts';
import type { ServerSettings } from './server.ts';

/** The naive way without latency. */
export const naiveWay: Peer = naivePeer('The naive way, node:http');

/**
 * Describes the naive way.
 * @param latency of the services
 * @param sqlConnections maximum number of concurrent transactions when SQL has a latency
 */
export function naivePeer(name: string, latency = NO_LATENCY, sqlConnections = 1): Peer {
  return {
    name,
    start: async (folder) => {
      const standIns = await startProcess('./naive/stand-ins.ts', [JSON.stringify(latency)]);
      const services: Pick<ServerSettings, 'eventHubs' | 'cosmosDb'> = JSON.parse(standIns.address);
      const settings: ServerSettings = {
        ...services,
        file: join(folder, 'naive.db'),
        sqlLatencyMs: latency.sqlMs,
        sqlConnections,
      };
      const server = await startProcess('./naive/server.ts', [JSON.stringify(settings)]);
      const projection = await startProcess('./naive/projection.ts', [JSON.stringify(services)]);
      return {
        ...overHttp({ url: server.address }),
        count: async () => JSON.parse(await (await fetch(`${server.address}/count`)).text()),
        cpu: () => {
          const standInSeconds = cpuOf([standIns.pid]);
          return { all: cpuOf([server.pid, projection.pid]) + standInSeconds, standIns: standInSeconds };
        },
        stop: async () => {
          for (const program of [server, projection, standIns]) await program.stop();
        },
      };
    },
  };
}
