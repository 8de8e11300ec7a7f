import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '../../../bench/memory-store.ts';
import { OPEN_DRAFTS } from '../../../src/commands/write-store/sqlite/load-rows.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { openDatabase } from '../../../src/shared/write-database/sqlite/database.ts';
import { envelopeOf, openCommandBus, type SentCommand } from '../../support/commands/command-bus.ts';
import { ADDRESS } from '../../support/commands/commits.ts';

const MAX = 5;
const TOO_MANY = 'too-many-drafts: Customer ada has 5 open drafts, which is the maximum: submit or cancel one first.';

let store: Awaited<ReturnType<typeof openMemoryStore>>;
beforeEach(async () => {
  store = await openMemoryStore();
  for (const customerId of ['ada', 'eve']) {
    const data = { customerId, name: 'Ada', email: 'ada@example.com', creditLimit: 1_000 };
    await send({ type: 'RegisterCustomer', data });
  }
  await send({ type: 'AddProduct', data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 10 } });
});
afterEach(() => store.close());

/** Resolves to `accepted`, `replayed`, or the code and detail of the problem. */
async function send(command: SentCommand): Promise<string> {
  const bus = openCommandBus(store, undefined, undefined, { maxOpenDrafts: MAX });
  return bus.dispatch(envelopeOf(command)).then(
    ({ replayed }) => (replayed ? 'replayed' : 'accepted'),
    ({ code, message }) => `${code}: ${message}`,
  );
}

const createDraft = (orderId: string, customer = 'ada', as: SentCommand['as'] = { customer }): SentCommand => ({
  type: 'CreateOrder',
  as,
  commandId: `create-${orderId}`,
  data: { orderId, customerId: customer, items: [{ productId: 'lamp', quantity: 1 }], shippingAddress: ADDRESS },
});
const fill = async () => {
  for (let index = 1; index <= MAX; index++) expect(await send(createDraft(`d${index}`))).toBe('accepted');
};

describe('a customer with as many open drafts as allowed', () => {
  beforeEach(fill);

  it('gets 422 too-many-drafts for another one, and so does an admin who creates it', async () => {
    expect(await send(createDraft('another'))).toBe(TOO_MANY);
    expect(await send(createDraft('another', 'ada', 'admin'))).toBe(TOO_MANY);
  });

  it('can create one after another was submitted or cancelled', async () => {
    await send({ type: 'SubmitOrder', on: 'd1' });
    await send({ type: 'CancelOrder', on: 'd2', data: { reason: 'no' } });
    expect(await send(createDraft('another'))).toBe('accepted');
    expect(await send(createDraft('one-more'))).toBe('accepted');
    expect(await send(createDraft('too-many'))).toBe(TOO_MANY);
  });

  it('can still place orders, and change and repeat the drafts', async () => {
    const { data } = createDraft('placed');
    expect(await send({ type: 'PlaceOrder', data })).toBe('accepted');
    expect(await send({ type: 'AddItem', on: 'd1', data: { productId: 'lamp', quantity: 1 } })).toBe('accepted');
    expect(await send(createDraft('d1'))).toBe('replayed');
  });

  it('does not keep other customers from creating drafts', async () => {
    expect(await send(createDraft('hers', 'eve'))).toBe('accepted');
  });
});

it('of 30 drafts that are created at once, as many as allowed are accepted', async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => send(createDraft(`d${index}`))));
  expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(MAX);
  expect(answers.filter((answer) => answer === TOO_MANY)).toHaveLength(30 - MAX);
});

it('the count of open drafts reads the index of open drafts alone', async () => {
  const { database } = await openDatabase(':memory:', systemRuntime);
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${OPEN_DRAFTS}`).all({ customerId: 'ada', atMost: 1 });
  database.close();
  const steps = plan.map(({ detail }) => String(detail)).filter((detail) => detail.includes('Orders'));
  expect(steps).toEqual(['SEARCH Orders USING COVERING INDEX IX_Orders_OpenDrafts (CustomerId=?)']);
});
