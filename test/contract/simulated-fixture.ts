import type { DatabaseSync } from 'node:sqlite';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { SimulatedWriteDatabase } from '../simulation/edges/write-database.ts';
import { Process } from '../simulation/kernel/process.ts';
import { World } from '../simulation/kernel/world.ts';
import { tablesBy } from '../support/commands/tables.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

/** Simulated milliseconds in which a call without faults is answered. */
const ANSWERED_MS = 1_000;

/** A write database in a simulated world without faults, in which time passes while calls are on their way. */
export async function simulatedFixture(): Promise<WriteStoreFixture> {
  const world = new World({ seed: 1 }, {}, false);
  const processes: Process[] = [];
  let server = new SimulatedWriteDatabase(world, await migrated());
  let isRemoved = false;
  const pass = async () => {
    while (!isRemoved) {
      await new Promise((resolve) => setImmediate(resolve));
      const isIdle = () => processes.every(({ calls }) => calls === 0);
      if (!isIdle()) await world.until(isIdle, ANSWERED_MS);
    }
  };
  void pass();
  const start = () => {
    const process = new Process(world, `process-${processes.length}`, processes.length);
    processes.push(process);
    return process;
  };
  return {
    clear: async () => {
      server.database.close();
      server = new SimulatedWriteDatabase(world, await migrated());
      processes.length = 0;
    },
    connectionString: () => 'simulated',
    open: async () => server.storeOf(start()),
    openSync: async () => server.syncDatabaseOf(start()),
    dump: () => tablesBy(async (table) => server.database.prepare(`SELECT * FROM ${table}`).all()),
    remove: async () => {
      isRemoved = true;
    },
  };
}

async function migrated(): Promise<DatabaseSync> {
  return (await openDatabase(':memory:', systemRuntime)).database;
}
