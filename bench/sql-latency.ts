import sql from 'mssql';
import { connectionOptions } from '../src/shared/write-database/azure-sql/connection-options.ts';
import { executeProcedure } from '../src/shared/write-database/azure-sql/procedures.ts';
import { startFakeSqlServer } from '../test/support/sql-server/fake-sql-server.ts';

/** Durations of the same requests with two kinds of sockets. */
export interface SqlLatency {
  /** Milliseconds of each request with the driver's own sockets: Nagle's algorithm, packets of 4,096 bytes. */
  readonly driver: readonly number[];
  /** Milliseconds of each request with the sockets of the apps: no delay, packets of 8,000 bytes. */
  readonly ours: readonly number[];
}

const REQUESTS = 20;
const DRIVER_PACKET_BYTES = 4_096;

/** Measures a request of this many characters against a server that answers immediately. The alternatives take turns. */
export async function measureSqlLatency(characters: number): Promise<SqlLatency> {
  const server = await startFakeSqlServer();
  const [slow, fast] = await Promise.all([open(server.port, 'driver'), open(server.port, 'ours')]);
  const [driver, ours]: [number[], number[]] = [[], []];
  for (let request = 0; request < REQUESTS; request++) {
    driver.push(await timeOf(slow, characters));
    ours.push(await timeOf(fast, characters));
  }
  await Promise.all([slow.close(), fast.close()]);
  await server.stop();
  return { driver, ours };
}

function open(port: number, sockets: 'driver' | 'ours'): Promise<sql.ConnectionPool> {
  const parse = (text: string) => sql.ConnectionPool.parseConnectionString(text);
  const connection = `Server=localhost,${port};Database=orders;User Id=bench;Password=bench`;
  const settings = connectionOptions(connection, parse, { appName: 'orders-bench' });
  const { connector: _, ...others } = settings.options ?? {};
  const options = sockets === 'ours' ? settings.options : { ...others, packetSize: DRIVER_PACKET_BYTES };
  return new sql.ConnectionPool({ ...settings, ...(options !== undefined && { options }) }).connect();
}

async function timeOf(pool: sql.ConnectionPool, characters: number): Promise<number> {
  const startedAt = performance.now();
  await executeProcedure({ run: (work) => work(pool) }, 'CommitCommand', { CommitDocument: 'x'.repeat(characters) });
  return performance.now() - startedAt;
}
