/** Makes the write database and the read database that the functions container uses, unless they are there. */
import { CosmosClient } from '@azure/cosmos';
import { containerDefinition } from '../../local/container-definition.ts';
import { CONTAINERS } from '../../src/shared/read-models/containers.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { migrateAzureSql } from '../../src/shared/write-database/azure-sql/migrate.ts';
import { openPool } from '../../src/shared/write-database/azure-sql/pool.ts';

const { TEST_SQL_CONNECTION_STRING: server = '', TEST_COSMOS_CONNECTION_STRING: account = '' } = process.env;

const master = await openPool(`${server};Database=master`, { appName: 'orders-test', runtime: systemRuntime });
await master.batch(`IF DB_ID('orders') IS NULL CREATE DATABASE orders`);
await master.close();
await migrateAzureSql(`${server};Database=orders`, { runtime: systemRuntime });

const client = new CosmosClient(account);
const { database } = await client.databases.createIfNotExists({ id: 'orders' });
for (const container of CONTAINERS) {
  await database.containers.createIfNotExists(containerDefinition(container));
}
client.dispose();
