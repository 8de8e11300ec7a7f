/**
 * Today's schema, as the bundles of earlier releases open it. They call these functions in place of their own migrations: when a
 * signature changes, adapt it here to the release's call.
 */

export { migrateAzureSql } from '../../../src/shared/write-database/azure-sql/migrate.ts';
export { openDatabase } from '../../../src/shared/write-database/sqlite/database.ts';
