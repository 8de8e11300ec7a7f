import { describe, expect, it } from 'vitest';
import { parseUser, sidOf, userScript } from '../../../src/shared/write-database/azure-sql/users.ts';

const CLIENT_ID = '00112233-4455-6677-8899-AABBCCDDEEFF';
const USER = { name: 'id-orders-commands', clientId: CLIENT_ID, role: 'order_commands' } as const;

describe("an app's user in Azure SQL", () => {
  it('is known by the bytes of its client id, as SQL Server casts a uniqueidentifier to binary', () => {
    expect(sidOf(CLIENT_ID)).toBe('0x33221100554477668899aabbccddeeff');
  });

  it('is made only where it is missing, made anew for another identity, and put into its role', () => {
    const steps = userScript(USER)
      .trim()
      .split(/;\s*/)
      .filter((step) => step !== '');

    expect(steps.map((step) => step.replaceAll(/\s+/g, ' '))).toEqual([
      "IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'id-orders-commands' AND sid <> 0x33221100554477668899aabbccddeeff) DROP USER [id-orders-commands]",
      "IF DATABASE_PRINCIPAL_ID(N'id-orders-commands') IS NULL CREATE USER [id-orders-commands] WITH SID = 0x33221100554477668899aabbccddeeff, TYPE = E",
      "IF IS_ROLEMEMBER(N'order_commands', N'id-orders-commands') = 0 ALTER ROLE order_commands ADD MEMBER [id-orders-commands]",
    ]);
  });

  it('is read from the command line', () => {
    expect(parseUser(`id-orders-commands=${CLIENT_ID}:order_commands`)).toEqual(USER);
  });

  it.each([
    ['a role of another kind', `id-orders=${CLIENT_ID}:db_owner`],
    ['no client id', 'id-orders=none:order_sync'],
    ['a name that would end the statement', `id]; DROP TABLE x--=${CLIENT_ID}:order_sync`],
    ['no name', `=${CLIENT_ID}:order_sync`],
  ])('is refused with %s', (_, text) => {
    expect(parseUser(text)).toBeUndefined();
  });
});
