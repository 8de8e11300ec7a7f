import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent, decodeEvents } from '../../../src/shared/events/decode.ts';
import type { EventEnvelope, OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import { encryptEvent, hasPersonalData, type KeyOf } from '../../../src/shared/personal-data/event-encryption.ts';
import { ERASED, ERASED_ADDRESS } from '../../../src/shared/personal-data/placeholders.ts';
import { customerRegistered, orderPlaced } from '../../support/events/events.ts';
import { destroyedKeys, noKeys } from '../../support/events/personal-data.ts';

const key = randomBytes(32);
const withKey: KeyOf = (customerId) => (customerId === 'ada' ? key : 'unknown');
const PERSON = ['Ada Lovelace', 'ada@example.com', '+1 555 0100', 'Main St', 'Seattle', '98101'];

const placed: OrderEventEnvelope = orderPlaced();
const withPhone: OrderEventEnvelope = { ...placed, order: { ...placed.order, customerPhone: '+1 555 0100' } };
const registered = customerRegistered();
const EVENTS: readonly (readonly [string, EventEnvelope])[] = [
  ['an order without a phone', placed],
  ['an order with one', withPhone],
  ['a customer', registered],
];

describe('a sealed event', () => {
  it.each(EVENTS)('tells nothing of the person: %s', (_what, event) => {
    const sealed = encryptEvent(event, 'ada', key);
    expect(PERSON.filter((text) => sealed.includes(text))).toEqual([]);
  });

  it.each(EVENTS)('is the same event again with the key: %s', (_what, event) => {
    expect(decodeEvent(encryptEvent(event, 'ada', key), withKey)).toEqual({ kind: 'event', event });
  });

  it('tells the rest of the order to everybody', () => {
    expect(JSON.parse(encryptEvent(placed, 'ada', key))).toMatchObject({
      aggregateId: 'order-1',
      data: { customerId: 'ada', total: 5998, items: [{ productId: 'lamp' }] },
      order: { total: 5998, status: 'submitted', customerPhone: null },
      personal: { customerId: 'ada' },
    });
  });

  it('shows placeholders for good once the key is destroyed', () => {
    expect(decodeEvent(encryptEvent(withPhone, 'ada', key), destroyedKeys)).toEqual({
      kind: 'event',
      event: {
        ...placed,
        data: { ...placed.data, shippingAddress: ERASED_ADDRESS },
        order: {
          ...placed.order,
          customerName: ERASED,
          customerEmail: ERASED,
          customerPhone: ERASED,
          shippingAddress: ERASED_ADDRESS,
        },
      },
    });
  });

  it('is not taken for that of somebody erased when no key is known', () => {
    expect(decodeEvent(encryptEvent(placed, 'ada', key), noKeys)).toEqual({
      kind: 'undecodable',
      reason: 'no data key of customer ada is known',
    });
  });

  it('tells no reason that somebody has given', () => {
    const event: OrderEventEnvelope = {
      ...placed,
      eventType: 'OrderCancelled',
      schemaVersion: 1,
      data: { reason: 'I, Ada, have moved' },
    };
    expect(encryptEvent(event, 'ada', key)).not.toContain('moved');
    expect(decodeEvent(encryptEvent(event, 'ada', key), withKey)).toEqual({ kind: 'event', event });
  });

  it('has nothing sealed when it happens after the erasure', () => {
    const sealed = JSON.parse(encryptEvent(withPhone, 'ada', 'destroyed'));
    expect(sealed).not.toHaveProperty('personal');
    expect(sealed.order).toMatchObject({
      customerName: ERASED,
      customerPhone: ERASED,
      shippingAddress: ERASED_ADDRESS,
    });
  });

  it('keeps what was null: a draft without an address still has none', () => {
    const draft = { ...placed.order, status: 'draft' as const, shippingAddress: null, placedAt: null };
    const event: OrderEventEnvelope = {
      ...placed,
      eventType: 'ItemRemoved',
      schemaVersion: 1,
      data: { productId: 'lamp' },
      order: draft,
    };
    expect(decodeEvent(encryptEvent(event, 'ada', key), destroyedKeys)).toMatchObject({
      event: { order: { customerName: ERASED, shippingAddress: null } },
    });
  });

  it('opens whatever name, e-mail and phone there are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.option(fc.string()), (customerName, customerEmail, customerPhone) => {
        const event = { ...placed, order: { ...placed.order, customerName, customerEmail, customerPhone } };
        expect(decodeEvent(encryptEvent(event, 'ada', key), withKey)).toEqual({ kind: 'event', event });
      }),
    );
  });
});

describe('an event that was tampered with', () => {
  const refused = { kind: 'undecodable', reason: 'its personal data do not open with the data key of the customer' };
  const sealed = JSON.parse(encryptEvent(placed, 'ada', key));
  const decode = (event: object, keyOf: KeyOf = withKey) => decodeEvent(JSON.stringify(event), keyOf);

  it('by giving it the personal data of another one is refused', () => {
    const { personal } = JSON.parse(encryptEvent(orderPlaced(), 'ada', key));
    expect(decode({ ...sealed, personal })).toEqual(refused);
  });

  it('by giving its customer the key of another one is refused', () => {
    expect(decode(sealed, () => randomBytes(32))).toEqual(refused);
  });

  it('by changing what is sealed is refused', () => {
    const ciphertext = Buffer.from(sealed.personal.ciphertext, 'base64').fill(0, 20, 21).toString('base64');
    expect(decode({ ...sealed, personal: { ...sealed.personal, ciphertext } })).toEqual(refused);
  });

  it.each([null, 'text', {}, { customerId: 'ada' }, { customerId: 'ada', ciphertext: 'no base64!' }])(
    'by putting %j in the place of what is sealed is refused',
    (personal) => {
      expect(decode({ ...sealed, personal })).toMatchObject({ kind: 'undecodable' });
    },
  );
});

describe('an event from before personal data were sealed', () => {
  it.each(EVENTS)('is read as it is: %s', (_what, event) => {
    expect(decodeEvent(JSON.stringify(event), noKeys)).toEqual({ kind: 'event', event });
  });
});

describe('whether an event tells who someone is', () => {
  const erased = { customerName: ERASED, customerEmail: ERASED, customerPhone: null, shippingAddress: ERASED_ADDRESS };
  const unknown: OrderEventEnvelope = {
    ...placed,
    eventType: 'OrderConfirmed',
    schemaVersion: 1,
    data: { confirmedAt: placed.timestamp },
    order: { ...placed.order, ...erased },
  };

  it.each(EVENTS)('it does: %s', (_what, event) => {
    expect(hasPersonalData(event)).toBe(true);
  });

  it('it does not once the customer is erased', () => {
    expect(hasPersonalData(unknown)).toBe(false);
  });

  it('it does when a single line of an address reads like a placeholder', () => {
    const shippingAddress = { ...ERASED_ADDRESS, city: 'Seattle' };
    const known: OrderEventEnvelope = { ...unknown, order: { ...unknown.order, shippingAddress } };
    expect(hasPersonalData(known)).toBe(true);
  });

  it("it does not of a product, whose name is nobody's", () => {
    const product = { productId: 'lamp', name: 'Desk lamp', price: 2999, currency: 'USD' };
    const { order: _order, ...head } = placed;
    const added: EventEnvelope = {
      ...head,
      eventType: 'ProductAdded',
      schemaVersion: 1,
      aggregateType: 'Product',
      data: { ...product, stock: 1 },
      product,
    };
    expect(hasPersonalData(added)).toBe(false);
  });
});

describe('a batch of events', () => {
  it('asks once for the keys of all of its customers', async () => {
    const asked: (readonly string[])[] = [];
    const bodies = ['ada', 'bob', 'ada'].map((customerId) => encryptEvent(orderPlaced(), customerId, key));
    await decodeEvents([...bodies, JSON.stringify(placed), 'no event'], async (customerIds) => {
      asked.push(customerIds);
      return () => key;
    });
    expect(asked).toEqual([['ada', 'bob']]);
  });

  it('asks for none when nothing in it is sealed', async () => {
    const asking = decodeEvents([JSON.stringify(placed)], () => Promise.reject(new Error('asked')));
    expect(await asking).toEqual([{ kind: 'event', event: placed }]);
  });

  it('is not opened when its keys cannot be read', async () => {
    const asking = decodeEvents([encryptEvent(placed, 'ada', key)], () => Promise.reject(new Error('database away')));
    await expect(asking).rejects.toThrow('database away');
  });
});
