import sql from 'mssql';
import { describe, expect, it } from 'vitest';
import { connectionOptions } from '../../../src/shared/write-database/azure-sql/connection-options.ts';

const AZURE = 'Server=tcp:orders.database.windows.net,1433;Database=orders';
const credential = { getToken: async () => ({ token: 'token', expiresOnTimestamp: 0 }) };
const parse = (text: string) => sql.ConnectionPool.parseConnectionString(text);
const optionsOf = (text: string) =>
  connectionOptions(text, parse, { appName: 'orders-test', tokenCredential: credential });

describe('connection options', () => {
  it('take server, port and database from the connection string', () => {
    expect(optionsOf(AZURE)).toMatchObject({ server: 'orders.database.windows.net', port: 1433, database: 'orders' });
  });

  it.each([
    ['a plain connection string', AZURE],
    ['a connection string that disables both', `${AZURE};Encrypt=false;TrustServerCertificate=true`],
  ])('encrypt and check the certificate for %s', (_, text) => {
    expect(optionsOf(text).options).toMatchObject({ encrypt: true, trustServerCertificate: false });
  });

  it('start with TLS if the connection string says Encrypt=Strict', () => {
    expect(optionsOf(`${AZURE};Encrypt=Strict`).options?.encrypt).toBe('strict');
  });

  it.each(['127.example.com', 'localhost.example.com'])('check the certificate of %s, which is not local', (server) => {
    expect(optionsOf(`Server=${server};Database=orders`).options?.trustServerCertificate).toBe(false);
  });

  it.each(['localhost', '127.0.0.1', '.', 'tcp:localhost,14330'])(
    'trust the certificate of the local server %s',
    (server) => {
      expect(optionsOf(`Server=${server};Database=orders`).options?.trustServerCertificate).toBe(true);
    },
  );

  it.each([
    ['for a string without authentication', AZURE],
    ['for a string with Active Directory Default', `${AZURE};Authentication=Active Directory Default`],
    ['for a string with a managed identity', `${AZURE};Authentication=Active Directory Managed Identity`],
    ['for a string with a user but no password', `${AZURE};User Id=someone`],
  ])("sign in with the app's Entra token %s", (_, text) => {
    expect(optionsOf(text).authentication).toEqual({ type: 'token-credential', options: { credential } });
  });

  it('sign in with the password from the connection string', () => {
    const options = optionsOf(`${AZURE};User Id=sa;Password=p;w`);
    expect([options.user, options.authentication]).toEqual(['sa', undefined]);
  });

  it('require a password or a credential', () => {
    expect(() => connectionOptions(AZURE, parse, { appName: 'orders-test' })).toThrow('no password');
  });

  it.each([
    ['ApplicationIntent=ReadOnly', true],
    ['Application Intent = readonly;', true],
    ['ApplicationIntent=ReadWrite', false],
    ['', false],
  ])('ask for a readable replica if the connection string says so: %s', (intent, readOnlyIntent) => {
    expect(optionsOf(`${AZURE};${intent}`).options?.readOnlyIntent).toBe(readOnlyIntent);
  });

  it('have the name of the app', () => {
    expect(optionsOf(AZURE).options?.appName).toBe('orders-test');
  });

  it('take the pool size from the connection string', () => {
    expect(optionsOf(`${AZURE};Max Pool Size=3`).pool?.max).toBe(3);
  });

  it('check a pooled connection without a round trip', () => {
    expect(optionsOf(AZURE).validateConnection).toBe('socket');
  });
});
