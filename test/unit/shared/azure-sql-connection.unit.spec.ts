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
    ['a plain string', AZURE],
    ['a string that asks for less', `${AZURE};Encrypt=false;TrustServerCertificate=true`],
  ])('encrypt and check the certificate: %s', (_, text) => {
    expect(optionsOf(text).options).toMatchObject({ encrypt: true, trustServerCertificate: false });
  });

  it.each(['localhost', '127.0.0.1', '.', 'tcp:localhost,14330'])(
    'trust the certificate of this machine: %s',
    (server) => {
      expect(optionsOf(`Server=${server};Database=orders`).options?.trustServerCertificate).toBe(true);
    },
  );

  it.each([
    ['without authentication', AZURE],
    ['with Active Directory Default', `${AZURE};Authentication=Active Directory Default`],
    ['with a managed identity', `${AZURE};Authentication=Active Directory Managed Identity`],
    ['with a user but no password', `${AZURE};User Id=someone`],
  ])("sign in with the app's Entra token %s", (_, text) => {
    expect(optionsOf(text).authentication).toEqual({ type: 'token-credential', options: { credential } });
  });

  it('sign in with the password that the string has', () => {
    const options = optionsOf(`${AZURE};User Id=sa;Password=p;w`);
    expect([options.user, options.authentication]).toEqual(['sa', undefined]);
  });

  it('need a password or a credential', () => {
    expect(() => connectionOptions(AZURE, parse, { appName: 'orders-test' })).toThrow('no password');
  });

  it('say whose connections they are', () => {
    expect(optionsOf(AZURE).options?.appName).toBe('orders-test');
  });

  it('let the string set the size of the pool', () => {
    expect(optionsOf(`${AZURE};Max Pool Size=3`).pool?.max).toBe(3);
  });

  it('cost no round trip to check a pooled connection', () => {
    expect(optionsOf(AZURE).validateConnection).toBe('socket');
  });
});
