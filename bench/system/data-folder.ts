import { mkdir } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { filesOf } from '../../local/kept-data.ts';
import { createMasterKey } from '../../local/master-key-file.ts';
import { openSqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { openMasterKey } from '../../src/shared/personal-data/open-master-key.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { inParallel, range } from '../measuring/drive.ts';
import { openShop, type Shop } from '../shop.ts';

const AT_ONCE = 50;
const LINES = 3;

/**
 * Creates the data folder of a local system with shipped orders. Only the write store has their events: the first start rebuilds
 * everything else.
 * @returns the number of events
 */
export async function fillDataFolder(data: string, orders: number): Promise<number> {
  const { writeStore, masterKey } = filesOf(data);
  await mkdir(data, { mode: 0o700 });
  await createMasterKey(masterKey);
  const store = await openSqliteWriteStore(writeStore, systemRuntime);
  const shop = await openShop(store, 'bench', openMasterKey({ kind: 'file', path: masterKey }, systemRuntime));
  await inParallel(range(orders), AT_ONCE, () => shipOrder(shop));
  await store.close();
  const database = new DatabaseSync(writeStore);
  database.exec('UPDATE Events SET PublishedAt = RecordedAt');
  const events = Number(database.prepare('SELECT count(*) AS found FROM Events').get()?.found);
  database.close();
  return events;
}

async function shipOrder(shop: Shop): Promise<void> {
  const order = await shop.newOrder(LINES);
  await shop.send(order);
  await shop.send({ type: 'ConfirmOrder', on: order.on });
  await shop.send({ type: 'ShipOrder', on: order.on, data: { carrier: 'UPS', trackingNumber: '1Z' } });
}
