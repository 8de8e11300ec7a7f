import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandBus } from '../../src/commands/pipeline/command-bus.ts';
import type { WriteStore } from '../../src/commands/write-store/write-store.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { envelopeOf, openCommandBus, type SentCommand } from '../support/commands/command-bus.ts';
import { ADDRESS } from '../support/commands/commits.ts';
import { expectLogAndTablesToAgree } from '../support/commands/tables.ts';
import { keptReleases } from '../support/releases/kept-releases.ts';
import { sqliteFixture } from './sqlite-fixture.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

const releases = await keptReleases();

const ADA = { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 1_000 };
const LAMP = { productId: 'lamp', name: 'Lamp', price: 10, stock: 10 };
const DRAFT = {
  orderId: 'o',
  customerId: 'ada',
  items: [{ productId: 'lamp', quantity: 1 }],
  shippingAddress: ADDRESS,
};

const LIFE: readonly SentCommand[] = [
  { type: 'RegisterCustomer', data: ADA },
  { type: 'AddProduct', data: LAMP },
  { type: 'CreateOrder', data: DRAFT },
  { type: 'AddItem', on: 'o', data: { productId: 'lamp', quantity: 2 } },
  { type: 'SubmitOrder', on: 'o' },
  { type: 'ConfirmOrder', on: 'o' },
  { type: 'ShipOrder', on: 'o', data: { carrier: 'UPS', trackingNumber: '1Z' } },
  { type: 'DeliverOrder', on: 'o' },
  { type: 'RefundOrder', on: 'o', data: { reason: 'broken' } },
  { type: 'ChangeCreditLimit', on: 'ada', data: { creditLimit: 2_000 } },
  { type: 'ChangeCustomerContact', on: 'ada', data: { email: 'countess@example.com' } },
];

describe.each(releases)("Release $version on today's schema in SQLite", ({ suites }) => {
  describe('by itself', () => {
    suites.writeStoreContract(suites.sqliteFixture);
    suites.commandBusContract(suites.sqliteFixture);
    suites.eventLogContract(suites.sqliteFixture);
    suites.readCustomerKeysContract(suites.sqliteFixture);
    suites.syncLagContract(suites.sqliteFixture);
    suites.syncStallContract(suites.sqliteFixture);
  });

  describe("beside today's apps", () => {
    let fixture: WriteStoreFixture;
    let stores: readonly WriteStore[];
    let store: WriteStore;
    let release: CommandBus;
    let today: CommandBus;

    beforeEach(async () => {
      fixture = await sqliteFixture();
      store = await fixture.open();
      const earlier = await suites.openWriteStore(fixture.connectionString(), { runtime: systemRuntime });
      stores = [store, earlier];
      release = suites.openCommandBus(earlier);
      today = openCommandBus(store);
    });
    afterEach(async () => {
      for (const each of stores) await each.close();
      await fixture.remove();
    });

    it.each([0, 1])(
      'executes the commands of a customer, a product and an order in turn with the current version (%i)',
      async (first) => {
        for (const [index, command] of LIFE.entries()) {
          const bus = index % 2 === first ? release : today;
          await bus.dispatch(envelopeOf(command));
        }
        await expectLogAndTablesToAgree(store, await fixture.dump());
      },
    );

    it('keeps the request for an erasure when the release changes the customer', async () => {
      const strict = openCommandBus(store, undefined, undefined, { erasureNeedsSecondPerson: true });
      const eraseBy = (admin: string) => envelopeOf({ type: 'EraseCustomer', on: 'ada', as: { admin } });
      const erased = async () =>
        (await store.load({ commandId: 'x', customerId: 'ada', productIds: [] })).customer?.erased;
      await release.dispatch(envelopeOf({ type: 'RegisterCustomer', data: ADA }));
      await strict.dispatch(eraseBy('first'));
      await release.dispatch(envelopeOf({ type: 'ChangeCreditLimit', on: 'ada', data: { creditLimit: 2_000 } }));
      await strict.dispatch(eraseBy('first'));
      expect(await erased()).toBe(false);
      await strict.dispatch(eraseBy('second'));
      expect(await erased()).toBe(true);
      await expectLogAndTablesToAgree(store, await fixture.dump());
    });

    it('gives no line again that an order of the release has had', async () => {
      const [ada, lamp] = LIFE;
      const items = [1, 2].map((quantity) => ({ productId: 'lamp', quantity }));
      const create: SentCommand = { type: 'CreateOrder', data: { ...DRAFT, items } };
      for (const command of [ada, lamp, create]) if (command) await release.dispatch(envelopeOf(command));
      await today.dispatch(envelopeOf({ type: 'RemoveLine', on: 'o', data: { line: 2 } }));
      await today.dispatch(envelopeOf({ type: 'AddItem', on: 'o', data: { productId: 'lamp', quantity: 3 } }));
      const { order } = await store.load({ commandId: 'none', orderId: 'o', productIds: [] });
      expect(order?.items.map(({ line }) => line)).toEqual([1, 3]);
      await expectLogAndTablesToAgree(store, await fixture.dump());
    });

    it('leaves no personal data in the rows of a customer whom the current version erases after the release has shipped an order', async () => {
      for (const command of LIFE) await release.dispatch(envelopeOf(command));
      await today.dispatch(envelopeOf({ type: 'EraseCustomer', on: 'ada' }));
      const { Customers, Orders } = await fixture.dump();
      expect(JSON.stringify([Customers, Orders])).not.toMatch(/countess|UPS|1Z|Main St/);
    });

    it('never sells more than is in stock when both place orders', async () => {
      for (const command of LIFE.slice(0, 2)) await release.dispatch(envelopeOf(command));
      const place = { type: 'PlaceOrder', data: { ...DRAFT, orderId: undefined } };
      const answers = await Promise.allSettled(
        Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? release : today).dispatch(envelopeOf(place))),
      );
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(LAMP.stock);
      await expectLogAndTablesToAgree(store, await fixture.dump());
    });

    it("returns the release's result when a command of the release is sent again", async () => {
      const command = envelopeOf({ type: 'RegisterCustomer', data: ADA });
      const accepted = await release.dispatch(command);
      expect(await today.dispatch(command)).toEqual({ ...accepted, replayed: true });
      const other = { ...command, data: { ...ADA, name: 'Grace' } };
      await expect(today.dispatch(other)).rejects.toMatchObject({ code: 'idempotency-key-reused' });
    });

    it('refuses a command that the current version has accepted when it is sent again to the release', async () => {
      const command = envelopeOf({ type: 'RegisterCustomer', data: ADA });
      await today.dispatch(command);
      await expect(release.dispatch(command)).rejects.toMatchObject({ code: 'idempotency-key-reused' });
    });
  });
});
