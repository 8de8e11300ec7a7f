import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openWriteStore } from '../../src/commands/write-store/open-write-store.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { DatabaseUnavailable } from '../../src/shared/write-database/azure-sql/database-unavailable.ts';
import { envelopeOf, openCommandBus } from '../support/commands/command-bus.ts';
import { type FakeSqlServer, startFakeSqlServer } from '../support/sql-server/fake-sql-server.ts';

const CALLERS = 12;

afterEach(() => vi.restoreAllMocks());

/** A write store on a server that accepts every request, and the lines that it logs. */
async function openStore(prepare: (server: FakeSqlServer) => void = () => undefined) {
  const log: string[] = [];
  vi.spyOn(console, 'warn').mockImplementation((line: unknown) => void log.push(String(line)));
  const server = await startFakeSqlServer();
  prepare(server);
  const store = await openWriteStore(`Server=localhost,${server.port};Database=orders;User Id=app;Password=secret`, {
    runtime: systemRuntime,
  });
  onTestFinished(async () => {
    await store.close();
    await server.stop();
  });
  /** One request that is retried. */
  const request = () => store.markPublished(['e1']);
  return { server, store, log, request };
}

describe('a write store on SQL Server', () => {
  it('reconnects once for all callers while the server is away, and logs two lines', async () => {
    const { server, log, request } = await openStore();
    await Promise.all(Array.from({ length: CALLERS }, request));
    const before = server.connections();
    server.goAway();
    const stopped = new AbortController();
    const failures: unknown[] = [];
    const callers = Array.from({ length: CALLERS }, async () => {
      while (!stopped.signal.aborted) {
        await request().catch((error: unknown) => failures.push(error));
        await delay(50);
      }
    });
    await vi.waitFor(() => expect(failures.length).toBeGreaterThan(CALLERS * 10), { timeout: 60_000 });
    const during = server.connections() - before;
    server.comeBack();
    await vi.waitFor(() => expect(log).toHaveLength(2), { timeout: 60_000 });
    stopped.abort();
    await Promise.all(callers);
    await request();
    expect(failures.every((error) => error instanceof DatabaseUnavailable)).toBe(true);
    expect(during).toBeLessThan(CALLERS * 3);
    expect(log).toEqual([
      expect.stringContaining('The write database is lost'),
      expect.stringContaining('The write database is back'),
    ]);
  });

  it('makes commands fail with Retry-After while the server is away', async () => {
    const { store } = await openStore((server) => server.goAway());
    const bus = openCommandBus(store);
    const data = { productId: 'lamp', name: 'Desk lamp', price: 29.99, stock: 12 };
    await expect(bus.dispatch(envelopeOf({ type: 'AddProduct', data }))).rejects.toMatchObject({
      status: 503,
      code: 'unavailable',
      retryAfter: 2,
    });
  });

  it('hides a cut of all connections from its callers', async () => {
    const { server, log, request } = await openStore();
    await Promise.all(Array.from({ length: CALLERS }, request));
    for (let round = 0; round < 10; round++) {
      server.cut();
      await Promise.all(Array.from({ length: CALLERS }, request));
    }
    expect(log).toEqual([]);
  });

  it.each([40613, 42108, 42109, 49918, 49919, 49920, 4221])(
    'waits while the server refuses logins with %i',
    async (number) => {
      const { server, request } = await openStore((server) => server.refuseLogins(number));
      const waiting = request();
      await vi.waitFor(() => expect(server.connections()).toBeGreaterThan(1), { timeout: 60_000 });
      server.refuseLogins();
      await waiting;
    },
  );

  it('waits when 4060 comes before the refusal of the login', async () => {
    const { server, request } = await openStore((server) => server.refuseLogins(4060, 18456));
    const waiting = request();
    await vi.waitFor(() => expect(server.connections()).toBeGreaterThan(1), { timeout: 60_000 });
    server.refuseLogins();
    await waiting;
  });

  it('fails at once when the login is refused for good, and works when it is accepted', async () => {
    const { server, request } = await openStore((server) => server.refuseLogins(18456));
    await expect(request()).rejects.toThrow('Refused with 18456');
    server.refuseLogins();
    await vi.waitFor(request, { timeout: 60_000, interval: 100 });
  });

  it('opens while the server is away, and works when it is back', async () => {
    const { server, request } = await openStore((server) => server.goAway());
    await expect(request()).rejects.toBeInstanceOf(DatabaseUnavailable);
    server.comeBack();
    await vi.waitFor(request, { timeout: 60_000, interval: 100 });
  });
});
