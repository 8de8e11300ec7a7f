import sql from 'mssql';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectionOptions } from '../../src/shared/write-database/azure-sql/connection-options.ts';
import { type Connector, connectorTo } from '../../src/shared/write-database/azure-sql/connector.ts';
import { isTransient } from '../../src/shared/write-database/azure-sql/sql-errors.ts';
import { startFakeSqlServer, TLS_HANDSHAKE } from '../support/sql-server/fake-sql-server.ts';
import { ENCRYPTION, PACKET } from '../support/sql-server/tds-answers.ts';
import { ANONYMOUS_CIPHERS } from '../support/sql-server/tls-in-tds.ts';

const REMOTE = 'orders.database.windows.net';

async function startServer(encryption: number) {
  const server = await startFakeSqlServer({ encryption });
  onTestFinished(() => server.stop());
  return server;
}

interface SignInOptions {
  readonly tokenCredential?: ReturnType<typeof credential>;
  readonly changes?: sql.config['options'];
}

/** Signs in to a server by a name, which leads to a port of this machine. Returns the error, if any. */
async function signIn(
  name: string,
  port: number,
  login: string,
  { tokenCredential = credential(), changes = {} }: SignInOptions = {},
): Promise<unknown> {
  const parse = (text: string) => sql.ConnectionPool.parseConnectionString(text);
  const options = connectionOptions(`Server=${name};Database=orders;${login}`, parse, {
    appName: 'test',
    tokenCredential,
  });
  const connect = connectorTo(name);
  const connector: Connector = (_target, lookup, signal) => connect({ host: '127.0.0.1', port }, lookup, signal);
  const pool = new sql.ConnectionPool({ ...options, options: { ...options.options, ...changes, connector } });
  try {
    await pool.connect();
    await pool.close();
    return undefined;
  } catch (error) {
    return error;
  }
}

function credential() {
  return { getToken: vi.fn(async () => ({ token: 'secret token', expiresOnTimestamp: Date.now() + 3_600_000 })) };
}

describe('a remote SQL server without encryption', () => {
  it.each([
    ['does not support encryption', ENCRYPTION.notSupported],
    ['has encryption turned off', ENCRYPTION.off],
  ])('never receives a password if it %s', async (_, encryption) => {
    const server = await startServer(encryption);
    const error = await signIn(REMOTE, server.port, 'User Id=app;Password=secret');
    expect(String(error)).toContain('does not support encryption');
    expect(server.received()).toEqual([PACKET.prelogin]);
  });

  it('never receives a token, and none is requested', async () => {
    const server = await startServer(ENCRYPTION.notSupported);
    const tokens = credential();
    await expect(signIn(REMOTE, server.port, '', { tokenCredential: tokens })).resolves.toBeInstanceOf(
      sql.ConnectionError,
    );
    expect(server.received()).toEqual([PACKET.prelogin]);
    expect(tokens.getToken).not.toHaveBeenCalled();
  });

  it('is a permanent fault, which is not retried', async () => {
    const server = await startServer(ENCRYPTION.notSupported);
    expect(isTransient(await signIn(REMOTE, server.port, 'User Id=app;Password=secret'))).toBe(false);
  });

  it('receives a TLS handshake before anything else with Encrypt=Strict', async () => {
    const server = await startServer(ENCRYPTION.notSupported);
    const error = await signIn(REMOTE, server.port, 'User Id=app;Password=secret;Encrypt=Strict');
    expect(error).toBeInstanceOf(sql.ConnectionError);
    expect(server.received()).not.toContain(PACKET.prelogin);
    expect(server.received()).not.toContain(PACKET.login);
    expect(server.firstByte()).toBe(TLS_HANDSHAKE);
  });
});

describe('a remote SQL server with encryption', () => {
  it('receives the login and requests over TLS alone', async () => {
    const server = await startServer(ENCRYPTION.on);
    const changes = { cryptoCredentialsDetails: { ciphers: ANONYMOUS_CIPHERS }, trustServerCertificate: true };
    const error = await signIn(REMOTE, server.port, 'User Id=app;Password=secret', { changes });
    expect(error).toBeUndefined();
    expect(server.received()).toEqual([PACKET.prelogin]);
    expect(server.receivedEncrypted()).toEqual([PACKET.login, PACKET.batch]);
  });
});

describe('a SQL server on this machine without encryption', () => {
  it('accepts a login, because nothing leaves the machine', async () => {
    const server = await startServer(ENCRYPTION.notSupported);
    expect(await signIn('localhost', server.port, 'User Id=app;Password=secret')).toBeUndefined();
    expect(server.received().slice(0, 2)).toEqual([PACKET.prelogin, PACKET.login]);
  });
});

describe('a server that a server on this machine redirects to', () => {
  it('must encrypt, because it is another machine', async () => {
    const connect = connectorTo('localhost');
    const server = await startServer(ENCRYPTION.notSupported);
    // an IPv4 address as IPv6 is not in the list of names of this machine
    const socket = await connect({ host: '::ffff:127.0.0.1', port: server.port });
    socket.on('error', () => undefined);
    const error = await new Promise((resolve) =>
      socket.write(Buffer.from([PACKET.login, 1, 0, 8, 0, 0, 0, 0]), resolve),
    );
    expect(String(error)).toContain('does not support encryption');
    expect(server.received()).toEqual([]);
  });
});
