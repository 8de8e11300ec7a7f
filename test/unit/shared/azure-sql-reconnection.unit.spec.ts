import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DatabaseUnavailable } from '../../../src/shared/write-database/azure-sql/database-unavailable.ts';
import { Reconnection } from '../../../src/shared/write-database/azure-sql/reconnection.ts';
import { isTransient } from '../../../src/shared/write-database/azure-sql/sql-errors.ts';
import { type SimulatedRuntime, simulatedRuntime } from '../../support/simulated-runtime.ts';

const refused = Object.assign(new Error('The database is moving.'), { number: 40613 });
const unreachable = Object.assign(new Error('Connection refused.'), { code: 'ECONNREFUSED' });
const wrongPassword = Object.assign(new Error('Login failed.'), { number: 18456 });

let runtime: SimulatedRuntime;
beforeEach(() => {
  runtime = simulatedRuntime();
});

/** A reconnection to a server that fails with `error` until it is changed. */
function reconnectionTo(error?: Error) {
  const server: { error: Error | undefined } = { error };
  const connect = vi.fn(async () => {
    if (server.error !== undefined) throw server.error;
  });
  const log: string[] = [];
  const reconnection = new Reconnection({
    connect,
    log: (line) => log.push(line),
    runtime,
  });
  /** Asks for the database. The outcome is undefined until it is known. */
  const ask = () => {
    const asked: { outcome?: 'ready' | unknown } = {};
    reconnection.ready().then(
      () => Object.assign(asked, { outcome: 'ready' }),
      (reason: unknown) => Object.assign(asked, { outcome: reason }),
    );
    return asked;
  };
  return { server, connect, log, reconnection, ask };
}

const pass = (ms: number) => runtime.pass(ms);

describe('a reconnection', () => {
  it('does not connect before the first request', async () => {
    const { connect } = reconnectionTo();
    await pass(60_000);
    expect(connect).not.toHaveBeenCalled();
  });

  it('connects once for all requests, and logs nothing when that succeeds', async () => {
    const { connect, log, ask } = reconnectionTo();
    const asked = Array.from({ length: 12 }, ask);
    await pass(0);
    expect(asked.every(({ outcome }) => outcome === 'ready')).toBe(true);
    expect([connect.mock.calls.length, log]).toEqual([1, []]);
  });

  it('tries a connection again after a loss', async () => {
    const { connect, reconnection, ask } = reconnectionTo();
    ask();
    await pass(0);
    reconnection.lost();
    reconnection.lost();
    const asked = [ask(), ask()];
    await pass(0);
    expect(asked.map(({ outcome }) => outcome)).toEqual(['ready', 'ready']);
    expect(connect).toHaveBeenCalledTimes(2);
  });

  it('tries with backoff, one connection at a time for all requests', async () => {
    const { connect, ask } = reconnectionTo(unreachable);
    for (let second = 0; second < 12; second++) {
      Array.from({ length: 100 }, ask);
      await pass(1_000);
    }
    expect(connect.mock.calls.length).toBeGreaterThan(4);
    expect(connect.mock.calls.length).toBeLessThan(12);
  });

  it('logs one line when the database is lost, and one when it is back', async () => {
    const { server, log, ask } = reconnectionTo(unreachable);
    for (let second = 0; second < 12; second++) {
      ask();
      await pass(1_000);
    }
    server.error = undefined;
    ask();
    await pass(10_000);
    expect(log).toEqual(['The write database is lost: Connection refused.', expect.stringMatching(/back after \d+ s/)]);
  });

  it('makes requests wait two seconds for a server that cannot be reached', async () => {
    const { server, ask } = reconnectionTo(unreachable);
    const early = ask();
    await pass(1_000);
    server.error = undefined;
    await pass(1_000);
    expect(early.outcome).toBe('ready');
  });

  it('fails requests at once after that', async () => {
    const { ask } = reconnectionTo(unreachable);
    const early = ask();
    await pass(2_001);
    const late = ask();
    await pass(0);
    expect([early.outcome, late.outcome]).toEqual([expect.any(DatabaseUnavailable), expect.any(DatabaseUnavailable)]);
  });

  it('makes requests wait up to 25 seconds for a database that is moving', async () => {
    const { server, ask } = reconnectionTo(refused);
    const asked = ask();
    await pass(18_000);
    expect(asked.outcome).toBeUndefined();
    server.error = undefined;
    await pass(5_000);
    expect(asked.outcome).toBe('ready');
  });

  it('fails requests when the database has been moving for longer', async () => {
    const { ask } = reconnectionTo(refused);
    const asked = ask();
    await pass(25_001);
    expect(asked.outcome).toBeInstanceOf(DatabaseUnavailable);
  });

  it('waits ten seconds for a server that does not answer at all', async () => {
    const { connect, ask } = reconnectionTo();
    connect.mockReturnValue(new Promise(() => undefined));
    const asked = ask();
    await pass(9_999);
    expect(asked.outcome).toBeUndefined();
    await pass(2);
    expect(asked.outcome).toBeInstanceOf(DatabaseUnavailable);
  });

  it('fails requests at once when the login is refused for good, and still recovers', async () => {
    const { server, ask } = reconnectionTo(wrongPassword);
    const asked = ask();
    await pass(0);
    expect(asked.outcome).toMatchObject({ cause: wrongPassword });
    server.error = undefined;
    await pass(1_000);
    const again = ask();
    await pass(0);
    expect(again.outcome).toBe('ready');
  });

  it('stops when no request has asked for a minute, and starts again with the next one', async () => {
    const { server, connect, ask } = reconnectionTo(unreachable);
    ask();
    await pass(120_000);
    const calls = connect.mock.calls.length;
    await pass(600_000);
    expect(connect).toHaveBeenCalledTimes(calls);
    server.error = undefined;
    const asked = ask();
    await pass(0);
    expect(asked.outcome).toBe('ready');
  });

  it('ends the wait of requests when it is closed', async () => {
    const { reconnection, ask } = reconnectionTo(refused);
    const asked = ask();
    await pass(100);
    await reconnection.close();
    await pass(0);
    expect(String(asked.outcome)).toContain('closed');
  });

  it('says that the database is unavailable, which is not retried', () => {
    expect(isTransient(new DatabaseUnavailable(unreachable))).toBe(false);
  });
});
