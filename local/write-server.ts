import { openWriteStore } from '../src/commands/write-store/open-write-store.ts';
import { appCredential } from '../src/shared/credential.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { sqlitePath } from '../src/shared/write-database/sqlite-path.ts';

/** The app settings, as `appSettings` returns them. */
type Settings = Readonly<Record<string, string>>;

/** Returns the connection string of the SQL server that keeps the orders, or undefined when the data folder keeps them. */
export function writeServer({ SQL_CONNECTION_STRING: connectionString }: Settings): string | undefined {
  return connectionString === undefined || sqlitePath(connectionString) !== undefined ? undefined : connectionString;
}

/** Throws an error with a user-facing message when the server cannot be used: unreachable, a wrong login, or not migrated. */
export async function requireWriteServer(connectionString: string, settings: Settings): Promise<void> {
  const tokenCredential = appCredential(settings.SQL_IDENTITY_CLIENT_ID);
  const store = await openWriteStore(connectionString, { tokenCredential, runtime: systemRuntime });
  try {
    await store.ping();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`SQL_CONNECTION_STRING cannot be used: ${reason} A new database needs "npm run migrate" first.`, {
      cause,
    });
  } finally {
    await store.close();
  }
}
