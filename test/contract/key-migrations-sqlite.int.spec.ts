import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { ERASED_SHIPMENT } from '../../src/shared/personal-data/placeholders.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { MIGRATIONS } from '../../src/shared/write-database/sqlite/migrations.ts';
import { customerCommit, orderCommit } from '../support/commands/commits.ts';

let database: DatabaseSync;
let store: SqliteWriteStore;

beforeEach(async () => {
  ({ database } = await openDatabase(':memory:', systemRuntime));
  store = new SqliteWriteStore(database, systemRuntime);
});
afterEach(() => store.close());

const migrate = (text: string) => database.exec(MIGRATIONS.find((migration) => migration.includes(text)) ?? '');

it('a migration erases the shipments of customers who were erased before, and of no others', async () => {
  const tracking = { carrier: 'UPS', trackingNumber: '1Z 999', shippedAt: '2026-03-03T08:00:00.000Z' };
  const row = { status: 'shipped' as const, tracking };
  for (const customerId of ['gone', 'here']) {
    await store.commit(customerCommit({ customerId }));
    await store.commit(orderCommit({ orderId: `of-${customerId}`, customerId, row }));
  }
  await store.commit(orderCommit({ orderId: 'not-shipped', customerId: 'gone' }));
  await store.commit({ ...customerCommit({ customerId: 'gone', version: 2 }), erasedCustomerId: 'gone' });
  database.exec(`UPDATE Orders SET Carrier = 'UPS', TrackingNumber = '1Z 999' WHERE OrderId = 'of-gone'`);
  migrate("SET Carrier = '[erased]'");
  const trackingOf = async (orderId: string) =>
    (await store.load({ commandId: 'x', orderId, productIds: [] })).order?.tracking;
  expect(await trackingOf('of-gone')).toEqual({ ...tracking, ...ERASED_SHIPMENT });
  expect(await trackingOf('of-here')).toEqual(tracking);
  expect(await trackingOf('not-shipped')).toBeNull();
});
