import { join } from 'node:path';
import { cpuOf } from './cpu.ts';
import { overHttp } from './http.ts';
import type { Counts, Peer, RunningPeer } from './peer.ts';
import { type PeerProcess, startProcess } from './peer-process.ts';

/** Emmett's SQLite event store with an inline projection. */
export const emmettOnSqlite: Peer = {
  name: 'Emmett on SQLite, Express',
  start: async (folder) => running(await startProcess('./emmett/sqlite-server.ts', [join(folder, 'emmett.db')])),
};

/** Emmett's PostgreSQL event store with an inline projection, and the PostgreSQL server. */
export const emmettOnPostgresql: Peer = {
  name: 'Emmett on PostgreSQL, Express',
  start: async (folder) => {
    const database = await startProcess('./emmett/postgres.ts', [folder]).catch((cause: unknown) => {
      throw new Error(`PostgreSQL could not be started: ${cause instanceof Error ? cause.message : cause}`, { cause });
    });
    try {
      return running(await startProcess('./emmett/postgresql-server.ts', [database.address]), database);
    } catch (error) {
      await database.stop();
      throw error;
    }
  },
};

function running(server: PeerProcess, ...others: readonly PeerProcess[]): RunningPeer {
  return {
    ...overHttp({ url: server.address }),
    count: async (): Promise<Counts> => JSON.parse(await (await fetch(`${server.address}/count`)).text()),
    cpu: () => ({ all: cpuOf([server, ...others].map(({ pid }) => pid)), standIns: 0 }),
    stop: async () => {
      await server.stop();
      for (const other of others) await other.stop();
    },
  };
}
