import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '../../../bench/memory-store.ts';
import { envelopeOf, openCommandBus, type SentCommand } from '../../support/commands/command-bus.ts';
import { ADDRESS } from '../../support/commands/commits.ts';

const UUID = '0190a1b2-c3d4-4e5f-8a6b-7c8d9e0f1a2b';

let store: Awaited<ReturnType<typeof openMemoryStore>>;
beforeEach(async () => {
  store = await openMemoryStore();
  for (const customerId of ['ada', 'eve']) {
    await send({
      type: 'RegisterCustomer',
      data: { customerId, name: 'Ada', email: 'ada@example.com', creditLimit: 1_000 },
    });
  }
  await send({ type: 'AddProduct', data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 10 } });
});
afterEach(() => store.close());

type Changes = Parameters<typeof openCommandBus>[3];

/** Resolves to the version, or to the code and detail of the problem. */
async function send(command: SentCommand, expectedVersion?: number | 'any', settings: Changes = {}) {
  const bus = openCommandBus(store, undefined, undefined, settings);
  return bus.dispatch({ ...envelopeOf(command), expectedVersion }).then(
    ({ result }) => `version ${result.version}`,
    ({ code, message }) => `${code}: ${message}`,
  );
}

const CREATING = ['PlaceOrder', 'CreateOrder'] as const;
const order = (customerId: string) => ({
  customerId,
  items: [{ productId: 'lamp', quantity: 1 }],
  shippingAddress: ADDRESS,
});
const create = (type: string, as: string, orderId?: string): SentCommand => ({
  type,
  as: { customer: as },
  data: { ...order(as), orderId },
});

describe("another customer's order whose id a customer sends with a new order", () => {
  beforeEach(async () => {
    await send(create('PlaceOrder', 'ada', UUID));
    await send({ type: 'ChangeShippingAddress', on: UUID, data: ADDRESS });
  });

  it.each(CREATING)('does not reveal its version in the 412 of %s', async (type) => {
    const fresh = '0190a1b2-c3d4-4e5f-8a6b-7c8d9e0f1a2c';
    for (const expected of [1, 2, 3]) {
      const taken = await send(create(type, 'eve', UUID), expected);
      expect(taken.replace(UUID, fresh)).toBe(await send(create(type, 'eve', fresh), expected));
      expect(taken).toContain(
        `of order ${UUID}, but there is no such order that you may see: send the request without If-Match.`,
      );
    }
  });

  it.each(CREATING)('does not reveal its version in the 409 of %s', async (type) => {
    const exists = `order-exists: Order ${UUID} already exists: choose another orderId.`;
    expect(await send(create(type, 'eve', UUID))).toBe(exists);
    expect(await send(create(type, 'eve', UUID), 0)).toBe(exists);
    expect(await send(create(type, 'eve', UUID), 'any')).toBe(exists);
  });

  it.each(CREATING)('shows its version to its own customer and to an admin in the 412 of %s', async (type) => {
    expect(await send(create(type, 'ada', UUID), 1)).toContain('but its version is 2');
    expect(await send({ type, data: { ...order('eve'), orderId: UUID } }, 1)).toContain('but its version is 2');
  });
});

describe('the id of a new order, if customers must choose UUIDs,', () => {
  const sendAs = (command: SentCommand) => send(command, undefined, { customerOrderIds: 'uuid' });
  const MUST_BE_UUID = 'must be a UUID: choose a random one, or omit it to have one generated';

  it.each(CREATING)('may be any UUID for %s, or left out', async (type) => {
    expect(await sendAs(create(type, 'ada', UUID))).toBe('version 1');
    expect(await sendAs(create(type, 'ada', UUID.toUpperCase()))).toBe('version 1');
    expect(await sendAs(create(type, 'ada'))).toBe('version 1');
  });

  it.each([
    'order-1',
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    UUID.replaceAll('-', ''),
    `{${UUID}}`,
    `${UUID}0`,
  ])('cannot be %s', async (orderId) => {
    for (const type of CREATING) {
      expect(await sendAs(create(type, 'ada', orderId))).toBe(`validation-failed: orderId: ${MUST_BE_UUID}`);
    }
  });

  it('cannot be another text in the envelope either', async () => {
    const inEnvelope = { ...create('PlaceOrder', 'ada'), on: 'order-1' };
    expect(await sendAs(inEnvelope)).toBe(`validation-failed: aggregateId: ${MUST_BE_UUID}`);
  });

  it('may be any id for an admin', async () => {
    expect(await sendAs({ type: 'PlaceOrder', data: { ...order('ada'), orderId: '536365' } })).toBe('version 1');
  });
});
