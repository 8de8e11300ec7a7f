import { beforeEach, describe, expect, it } from 'vitest';
import type { CustomerExport, ExportedEvent } from '../../src/sync/database/customer-export.ts';
import { AT, customerCommit, orderCommit, productCommit } from '../support/commands/commits.ts';
import { openBothSides } from './both-sides.ts';
import type { StoreContext, WriteStoreFixture } from './write-store-context.ts';

const KEY = { keyId: 'key-1', wrappedKey: 'wrapped', masterKeyVersion: 'v1' };

/** What the sync app reads of a customer for the export, whatever the database. Call it inside a `describe`. */
export function customerExportContract(create: () => Promise<WriteStoreFixture>): void {
  const sides = openBothSides(create);
  let store: StoreContext['store'];
  let rows: CustomerExport;

  beforeEach(async () => {
    const { store: opened, database } = sides();
    store = opened;
    rows = database.customerExport;
    for (const customerId of ['ada', 'bob']) await store.commit(customerCommit({ customerId, phone: '+1 555' }));
    await store.commit(productCommit({ productId: 'p', stock: 10 }));
  });

  const place = (orderId: string, customerId = 'ada', fields: object = {}) =>
    store.commit(orderCommit({ orderId, customerId, lines: [['p', 2]], ...fields }));

  /** The keys of all events, page by page. */
  async function pages(limit: number, maxCharacters = 1_000_000): Promise<readonly (readonly string[])[]> {
    const found: string[][] = [];
    for (let after: ExportedEvent | undefined; ; ) {
      const page = await rows.events({ customerId: 'ada', after, limit, maxCharacters });
      after = page.at(-1);
      if (after === undefined) return found;
      found.push(page.map(({ aggregateType, aggregateId, version }) => `${aggregateType} ${aggregateId} ${version}`));
    }
  }

  describe('the rows of a customer', () => {
    it('are undefined when there is no such customer', async () => {
      expect(await rows.customer('nobody')).toBeUndefined();
      expect(await rows.customer('ADA')).toBeUndefined();
    });

    it('have the contact data, the request for an erasure, and the data keys without the keys themselves', async () => {
      const requested = customerCommit({ customerId: 'ada', version: 2, erasureRequestedBy: 'a'.repeat(64) });
      const first = { customerId: 'ada', isNew: true, ...KEY };
      await store.commit({ ...requested, customerKey: first });
      const second = { ...first, keyId: 'key-2', replaces: 'key-1' };
      await store.commit({ ...customerCommit({ customerId: 'ada', version: 3 }), customerKey: second });
      const found = await rows.customer('ada');
      expect(found).toMatchObject({
        customers: [{ customerId: 'ada', name: 'Ada Lovelace', email: 'ada@example.com', creditLimit: 1_000_000 }],
        keys: [{ keyId: 'key-2', masterKeyVersion: 'v1', erasedAt: null }],
        retiredKeys: [{ keyId: 'key-1', masterKeyVersion: 'v1' }],
      });
      expect(found?.retiredKeys[0]?.retiredAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(JSON.stringify(found)).not.toContain('wrapped');
    });
  });

  describe('the orders of a customer', () => {
    it('are read in pages by id, with their lines and the time since when they wait for a confirmation', async () => {
      await place('o2');
      await place('o1');
      await place('o3', 'bob');
      await place('o4', 'ada', { row: { status: 'confirmed', confirmedAt: AT } });
      const first = await rows.orders('ada', '', 2);
      expect(first.orders).toMatchObject([
        { orderId: 'o1', status: 'submitted', shippingStreet: '1 Main St', placedAt: AT, unconfirmedSince: AT },
        { orderId: 'o2' },
      ]);
      expect(first.items).toEqual(
        ['o1', 'o2'].map((orderId) => ({ orderId, line: 1, productId: 'p', quantity: 2, price: 100 })),
      );
      const rest = await rows.orders('ada', 'o2', 2);
      expect(rest.orders).toMatchObject([{ orderId: 'o4', confirmedAt: AT, unconfirmedSince: null }]);
    });
  });

  describe('the events of a customer', () => {
    beforeEach(async () => {
      await store.commit(customerCommit({ customerId: 'ada', version: 2 }));
      await place('o1');
      await place('o1', 'ada', { version: 2 });
      await place('o2');
      await place('of-bob', 'bob');
    });

    it.each([1, 2, 3, 100])('are their own and those of their orders, each once, in pages of %i', async (limit) => {
      expect((await pages(limit)).flat()).toEqual([
        'Customer ada 1',
        'Customer ada 2',
        'Order o1 1',
        'Order o1 2',
        'Order o2 1',
      ]);
    });

    it.each([1, 2, 100])('include the archived ones, in the same order, in pages of %i', async (limit) => {
      const before = (await pages(100)).flat();
      const { Events } = await sides().fixture.dump();
      await store.markPublished(Events.map(({ EventId }) => String(EventId)));
      const due = { recordedBefore: '2999-01-01T00:00:00.000Z', limit: 4, maxCharacters: 1_000_000 };
      expect(await store.archiveEvents(due)).toBe(4);
      expect((await pages(limit)).flat()).toEqual(before);
    });

    it('end a page before the event that starts after the maximum number of characters', async () => {
      expect((await pages(100, 1)).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1]);
    });

    it('come with the record of their command, and with the refusals of the hub', async () => {
      const [event] = await rows.events({ customerId: 'ada', limit: 1, maxCharacters: 1 });
      expect(event).toMatchObject({ publishedAt: null, refusals: null, commandId: null });
      expect(JSON.parse(event?.body ?? '')).toMatchObject({ eventType: 'CustomerRegistered' });
      expect(Date.parse(event?.recordedAt ?? '')).toBeGreaterThan(0);
    });
  });
}
