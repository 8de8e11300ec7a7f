import sql from 'mssql';
import { type PoolOptions, poolSettings } from './pool.ts';
import { Reconnection } from './reconnection.ts';
import { isConnectionFault } from './sql-errors.ts';

/** A SQL Server database as the apps use it: a pool of connections that is opened on first use, and again after an outage. */
export interface SqlDatabase {
  /**
   * Runs work with the pool.
   * @throws {DatabaseUnavailable} when the database cannot be reached: at once during an outage (see `Reconnection`)
   * @throws the driver's errors
   */
  run<Result>(work: (pool: sql.ConnectionPool) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface SqlDatabaseOptions extends PoolOptions {
  /** Whether it is a readable replica, which log lines then say. */
  readonly isReplica?: boolean | undefined;
}

/** Prepares a database. Nothing connects before the first use. Throws when there is neither a password nor a credential. */
export function sqlDatabase(
  connectionString: string,
  { runtime, isReplica = false, ...options }: SqlDatabaseOptions,
): SqlDatabase {
  const newPool = () => new sql.ConnectionPool(poolSettings(connectionString, options));
  const pool = newPool();
  // Each of these errors also reaches the request that it belongs to.
  pool.on('error', () => undefined);
  const reconnection = new Reconnection({
    connect: () => (pool.connected ? tryConnection(newPool()) : pool.connect()),
    log: (line) => console.warn(isReplica ? `Replica: ${line}` : line),
    runtime,
  });
  return {
    run: async (work) => {
      await reconnection.ready();
      try {
        return await work(pool);
      } catch (error) {
        if (isConnectionFault(error)) reconnection.lost();
        throw error;
      }
    },
    close: async () => {
      await reconnection.close();
      await pool.close();
    },
  };
}

/** Opens a connection and closes it. The pool replaces its broken connections itself. */
async function tryConnection(pool: sql.ConnectionPool): Promise<void> {
  pool.on('error', () => undefined);
  await pool.connect();
  await pool.close();
}
