/**
 * Today's schema, as the bundles of earlier releases open it. They call these functions in place of their own migrations: when a
 * signature changes, adapt it here to the release's call.
 */

import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { migrateAzureSql as migrateTodaysAzureSql } from '../../../src/shared/write-database/azure-sql/migrate.ts';
import { openDatabase as openTodaysDatabase } from '../../../src/shared/write-database/sqlite/database.ts';

export const migrateAzureSql = (connectionString: string) =>
  migrateTodaysAzureSql(connectionString, { runtime: systemRuntime });

export const openDatabase = (path: string) => openTodaysDatabase(path, systemRuntime);
