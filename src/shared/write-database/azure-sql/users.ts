import { openPool, type PoolOptions } from './pool.ts';

/** The database roles that the migrations create, each with the permissions of one app. */
export const ROLES = ['order_commands', 'order_sync'] as const;
export type Role = (typeof ROLES)[number];

/** An app's managed identity and its role in the database. */
export interface DatabaseUser {
  /** Name of the identity and of its database user. */
  readonly name: string;
  readonly clientId: string;
  readonly role: Role;
}

/**
 * Returns the security id (SID) of an identity in Azure SQL: the bytes of its client id in the order of a uniqueidentifier, where
 * the first three groups are little-endian. https://learn.microsoft.com/sql/t-sql/statements/create-user-transact-sql
 */
export function sidOf(clientId: string): string {
  const [a = '', b = '', c = '', ...rest] = clientId.toLowerCase().split('-');
  const swapped = [a, b, c].map((group) => Buffer.from(group, 'hex').reverse().toString('hex'));
  return `0x${[...swapped, ...rest].join('')}`;
}

/**
 * Returns a script that creates the user if it does not exist, recreates it if its name belongs to another identity, and adds it
 * to its role. Because the script contains the security id, neither the server nor the deployer needs permission to read Entra.
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

/** Creates users for the apps' identities and assigns their roles. Idempotent. The login must own the database. */
export async function ensureUsers(
  connectionString: string,
  users: readonly DatabaseUser[],
  options: Omit<PoolOptions, 'appName'>,
): Promise<void> {
  const pool = await openPool(connectionString, { ...options, appName: 'orders-migrate' });
  try {
    for (const user of users) await pool.batch(userScript(user));
  } finally {
    await pool.close();
  }
}

const IDENTITY =
  /^(?<name>[A-Za-z0-9][\w-]{0,127})=(?<clientId>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(?<role>\w+)$/i;

/** Parses `name=client id:role`. Returns undefined when the text has another format. */
export function parseUser(text: string): DatabaseUser | undefined {
  const { name, clientId, role: wanted } = IDENTITY.exec(text)?.groups ?? {};
  const role = ROLES.find((one) => one === wanted);
  return name !== undefined && clientId !== undefined && role !== undefined ? { name, clientId, role } : undefined;
}
