import { appCredential } from '../src/shared/credential.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { sqlitePath } from '../src/shared/write-database/sqlite-path.ts';
import { readOptions } from './cli/read-options.ts';

const USAGE = `Migrates the write database to the latest schema. Safe to rerun and to run concurrently.

  npm run migrate -- [options]

  --connection <text>   sqlite:<path> or a SQL Server connection string (default: the SQL_CONNECTION_STRING environment variable)
  --user <user>         <name>=<client id>:<role> of an app's managed identity: creates a database user with that role
                        (order_commands or order_sync); can be repeated
  --help                show this help

If the connection string has no password, the command signs in to Azure SQL as you (az login) or as the managed identity.
Exit code: 0 when the database is up to date, 1 when the migration failed, 2 when the command line is invalid.`;

/** Matches a SQL Server connection string by the names that the driver accepts for the server. */
const NAMES_SERVER = /(^|;)\s*(server|data source|addr|address|network address)\s*=\s*[^;\s]/i;

/** Returns the names of the applied migrations. Empty when the database was up to date. */
async function migrate(connectionString: string, users: readonly string[]): Promise<readonly string[]> {
  const path = sqlitePath(connectionString);
  if (path === undefined) {
    const { migrateAzureSql } = await import('../src/shared/write-database/azure-sql/migrate.ts');
    const { ensureUsers, parseUser } = await import('../src/shared/write-database/azure-sql/users.ts');
    const read = users.map((text) => {
      const user = parseUser(text);
      if (user === undefined) throw new TypeError(`--user ${text}: must be <name>=<client id>:<role>. Try --help.`);
      return user;
    });
    const tokenCredential = appCredential(process.env.SQL_IDENTITY_CLIENT_ID);
    const options = { tokenCredential, runtime: systemRuntime };
    const applied = await migrateAzureSql(connectionString, options);
    if (read.length > 0) await ensureUsers(connectionString, read, options);
    return applied;
  }
  if (users.length > 0) throw new TypeError('--user requires Azure SQL: a SQLite database has no users.');
  const { openDatabase } = await import('../src/shared/write-database/sqlite/database.ts');
  const { database, applied } = await openDatabase(path, systemRuntime);
  database.close();
  return applied.map((version) => `schema version ${version}`);
}

function report(applied: readonly string[]): string {
  if (applied.length === 0) return 'The database is already up to date.\n';
  return `${applied.map((name) => `Applied ${name}.\n`).join('')}The database is up to date.\n`;
}

async function main(): Promise<number> {
  const { values } = readOptions({
    options: {
      connection: { type: 'string' },
      user: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const connectionString = values.connection ?? process.env.SQL_CONNECTION_STRING;
  if (!connectionString) throw new TypeError('Specify the database with --connection or SQL_CONNECTION_STRING.');
  if (sqlitePath(connectionString) === undefined && !NAMES_SERVER.test(connectionString)) {
    throw new TypeError(
      'The connection must be sqlite:<path> or a SQL Server connection string such as Server=<host>;Database=<name>.',
    );
  }
  process.stdout.write(report(await migrate(connectionString, values.user)));
  return 0;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof TypeError ? 2 : 1; // the command line is invalid
});
