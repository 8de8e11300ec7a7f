import sql from 'mssql';
import { percentile } from '../src/shared/percentile.ts';
import { connectionOptions } from '../src/shared/write-database/azure-sql/connection-options.ts';
import { executeProcedure } from '../src/shared/write-database/azure-sql/procedures.ts';
import { startFakeSqlServer } from '../test/support/sql-server/fake-sql-server.ts';

export interface SqlLatency {
  readonly characters: number;
  /** Median milliseconds with the driver's own sockets: Nagle's algorithm, packets of 4,096 bytes. */
  readonly "driver's sockets, ms": number;
  /** Median milliseconds with the sockets of the apps: no delay, packets of 8,000 bytes. */
  readonly 'our sockets, ms': number;
}

const REQUESTS = 60;
const DRIVER_PACKET_BYTES = 4_096;

/** Measures a request of this many characters against a server that answers immediately. The alternatives take turns. */
export async function measureSqlLatency(characters: number): Promise<SqlLatency> {
  const server = await startFakeSqlServer();
  const [driver, ours] = await Promise.all([open(server.port, 'driver'), open(server.port, 'ours')]);
  const [slow, fast]: [number[], number[]] = [[], []];
  for (let request = 0; request < REQUESTS; request++) {
    slow.push(await timeOf(driver, characters));
    fast.push(await timeOf(ours, characters));
  }
  await Promise.all([driver.close(), ours.close()]);
  await server.stop();
  return { characters, "driver's sockets, ms": median(slow), 'our sockets, ms': median(fast) };
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

const median = (values: readonly number[]): number => Math.round((percentile(values, 50) ?? 0) * 10) / 10;
