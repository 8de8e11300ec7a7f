import { join } from 'node:path';
import { NO_LATENCY } from '../../measuring/cloud-latency.ts';
import { cpuOf } from '../cpu.ts';
import { overHttp } from '../http.ts';
import type { Peer } from '../peer.ts';
import { type PeerProcess, startProcess } from '../peer-process.ts';
import type { ServerSettings } from './server.ts';

type Services = Pick<ServerSettings, 'eventHubs' | 'cosmosDb'>;

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
      const programs: PeerProcess[] = [];
      const startProgram = async (file: string, settings: object) => {
        const program = await startProcess(file, [JSON.stringify(settings)]);
        programs.unshift(program);
        return program;
      };
      const stop = async () => {
        for (const program of programs) await program.stop();
      };
      try {
        const standIns = await startProgram('./naive/stand-ins.ts', latency);
        const services: Services = JSON.parse(standIns.address);
        const settings: ServerSettings = {
          ...services,
          file: join(folder, 'naive.db'),
          sqlLatencyMs: latency.sqlMs,
          sqlConnections,
        };
        const server = await startProgram('./naive/server.ts', settings);
        await startProgram('./naive/projection.ts', services);
        return {
          ...overHttp({ url: server.address }),
          count: async () => JSON.parse(await (await fetch(`${server.address}/count`)).text()),
          cpu: () => ({ all: cpuOf(programs.map(({ pid }) => pid)), standIns: cpuOf([standIns.pid]) }),
          stop,
        };
      } catch (error) {
        await stop();
        throw error;
      }
    },
  };
}
