import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { ERASED_SHIPMENT } from '../../src/shared/personal-data/placeholders.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { MIGRATIONS } from '../../src/shared/write-database/sqlite/migrations.ts';
import { AT, customerCommit, orderCommit } from '../support/commands/commits.ts';

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

it('a migration adds the orders that were submitted before, with the time when the submitting command was accepted', async () => {
  await store.commit(customerCommit({ customerId: 'c' }));
  const draft = orderCommit({ orderId: 'draft', customerId: 'c', row: { status: 'draft', placedAt: null } });
  const old = { placedAt: '2010-12-01T08:26:00.000Z' };
  await store.commit(draft);
  await store.commit(orderCommit({ orderId: 'placed', customerId: 'c', row: old }));
  await store.commit(orderCommit({ orderId: 'placed', customerId: 'c', row: old, version: 2 }));
  await store.commit(
    orderCommit({ orderId: 'confirmed', customerId: 'c', row: { status: 'confirmed', confirmedAt: AT } }),
  );
  database.exec(`
    DROP TABLE UnconfirmedOrders;
    DROP TRIGGER TR_Orders_Placed; DROP TRIGGER TR_Orders_Submitted; DROP TRIGGER TR_Orders_Confirmed;`);
  migrate('CREATE TABLE UnconfirmedOrders');
  expect(database.prepare('SELECT OrderId, SubmittedAt FROM UnconfirmedOrders').all()).toEqual([
    { OrderId: 'placed', SubmittedAt: AT },
  ]);
});
