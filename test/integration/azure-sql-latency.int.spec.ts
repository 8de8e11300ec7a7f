import { Socket } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openPool } from '../../src/shared/write-database/azure-sql/pool.ts';
import { executeProcedure } from '../../src/shared/write-database/azure-sql/procedures.ts';
import { startFakeSqlServer } from '../support/sql-server/fake-sql-server.ts';

afterEach(() => vi.restoreAllMocks());

/** Sends a commit that takes several packets. Returns the bytes of the largest packet. */
async function sendLongCommit(changes = ''): Promise<number> {
  const server = await startFakeSqlServer();
  onTestFinished(() => server.stop());
  const connection = `Server=localhost,${server.port};Database=orders;User Id=app;Password=secret${changes}`;
  const pool = await openPool(connection, { appName: 'orders-test', runtime: systemRuntime });
  await executeProcedure({ run: (work) => work(pool) }, 'CommitCommand', { CommitDocument: 'x'.repeat(20_000) });
  await pool.close();
  return server.largestPacket();
}

describe('a connection to SQL Server', () => {
  it('sends packets of 8,000 bytes', async () => {
    expect(await sendLongCommit()).toBe(8_000);
  });

  it('sends packets of the size in the connection string', async () => {
    expect(await sendLongCommit(';Packet Size=16000')).toBe(16_000);
  });

  it("turns Nagle's algorithm off, so that the last packet of a request does not wait for an acknowledgement", async () => {
    const setNoDelay = vi.spyOn(Socket.prototype, 'setNoDelay');
    const connect = vi.spyOn(Socket.prototype, 'connect');
    await sendLongCommit();
    const opened = connect.mock.contexts;
    expect(opened.length).toBeGreaterThan(0);
    expect(opened.every((socket) => setNoDelay.mock.contexts.includes(socket))).toBe(true);
  });
});
