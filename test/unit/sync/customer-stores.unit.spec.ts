import { expect, it } from 'vitest';
import { CONTAINERS } from '../../../src/shared/read-models/containers.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { readScripts } from '../../../src/shared/write-database/azure-sql/scripts.ts';
import { openDatabase } from '../../../src/shared/write-database/sqlite/database.ts';
import { EXPORTED_STORES, WITHOUT_CUSTOMER_DATA } from '../../../src/sync/customer-export/stores.ts';
import { ofType, plainName, SNAPSHOTS } from '../../support/infra/snapshots.ts';

async function tables(): Promise<readonly string[]> {
  const { database } = await openDatabase(':memory:', systemRuntime);
  const inSqlite = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  database.close();
  const batches = (await readScripts('migrations')).flatMap((script) => script.batches);
  const inAzureSql = batches.flatMap((sql) => [...sql.matchAll(/CREATE TABLE orders\.(\w+)/g)]);
  return ['AppliedScripts', ...inSqlite.map(({ name }) => String(name)), ...inAzureSql.map(([, name = '']) => name)];
}

/** The last part of the names of what the template makes: hubs, containers of storage accounts. */
const made = (type: string): readonly string[] =>
  SNAPSHOTS.flatMap(([, snapshot]) => ofType(snapshot, type).map((one) => plainName(one).split('/').at(-1) ?? ''));

const stores = async (): Promise<ReadonlySet<string>> =>
  new Set([
    ...(await tables()),
    ...CONTAINERS.map(({ name }) => name),
    ...made('Microsoft.EventHub/namespaces/eventhubs'),
    ...made('Microsoft.Storage/storageAccounts/blobServices/containers'),
  ]);

it('every table, container and hub is in the export of a customer, or is declared to have no customer data', async () => {
  const known = new Set([...EXPORTED_STORES, ...Object.keys(WITHOUT_CUSTOMER_DATA)]);
  expect([...(await stores())].filter((name) => !known.has(name))).toEqual([]);
});

it('no store is exported and declared to have no customer data, and each of them exists', async () => {
  const existing = await stores();
  const declared = Object.keys(WITHOUT_CUSTOMER_DATA);
  expect(declared.filter((name) => EXPORTED_STORES.includes(name))).toEqual([]);
  expect([...EXPORTED_STORES, ...declared].filter((name) => !existing.has(name))).toEqual([]);
});
