import type { TokenCredential } from '@azure/identity';
import { openPool } from './pool.ts';

/** Roles of the migrations, each with the rights of one app. */
export const ROLES = ['order_commands', 'order_sync'] as const;
export type Role = (typeof ROLES)[number];

/** An app's managed identity, and what it may do in the database. */
export interface DatabaseUser {
  /** The identity's name, which becomes the user's. */
  readonly name: string;
  readonly clientId: string;
  readonly role: Role;
}

/**
 * The security id by which Azure SQL knows an identity: the bytes of its client id as a uniqueidentifier has them, the first three
 * groups with the lowest byte first. https://learn.microsoft.com/sql/t-sql/statements/create-user-transact-sql
 */
export function sidOf(clientId: string): string {
  const [a = '', b = '', c = '', ...rest] = clientId.toLowerCase().split('-');
  const swapped = [a, b, c].map((group) => Buffer.from(group, 'hex').reverse().toString('hex'));
  return `0x${[...swapped, ...rest].join('')}`;
}

/**
 * Makes the user where it is missing, makes it anew where its name belonged to another identity, and puts it into its role. With a
 * security id no right to look into Entra is needed, neither of the server nor of who deploys.
 */
export function userScript({ name, clientId, role }: DatabaseUser): string {
  const sid = sidOf(clientId);
  return `
    IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'${name}' AND sid <> ${sid})
      DROP USER [${name}];
    IF DATABASE_PRINCIPAL_ID(N'${name}') IS NULL
      CREATE USER [${name}] WITH SID = ${sid}, TYPE = E;
    IF IS_ROLEMEMBER(N'${role}', N'${name}') = 0
      ALTER ROLE ${role} ADD MEMBER [${name}];`;
}

/** Gives the apps' identities their roles. May be run again. The login needs to be owner of the database. */
export async function ensureUsers(
  connectionString: string,
  users: readonly DatabaseUser[],
  tokenCredential?: TokenCredential,
): Promise<void> {
  const pool = await openPool(connectionString, { appName: 'orders-migrate', tokenCredential });
  try {
    for (const user of users) await pool.batch(userScript(user));
  } finally {
    await pool.close();
  }
}

const IDENTITY =
  /^(?<name>[A-Za-z0-9][\w-]{0,127})=(?<clientId>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(?<role>\w+)$/i;

/** Reads `name=client id:role`; undefined when it is not that. */
export function parseUser(text: string): DatabaseUser | undefined {
  const { name, clientId, role: wanted } = IDENTITY.exec(text)?.groups ?? {};
  const role = ROLES.find((one) => one === wanted);
  return name !== undefined && clientId !== undefined && role !== undefined ? { name, clientId, role } : undefined;
}
