import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent, decodeEvents } from '../../../src/shared/events/decode.ts';
import type { EventEnvelope, OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import { encryptEvent, hasPersonalData, type KeyOf } from '../../../src/shared/personal-data/event-encryption.ts';
import { ERASED, ERASED_ADDRESS } from '../../../src/shared/personal-data/placeholders.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
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
  ['an order with a phone', withPhone],
  ['a customer', registered],
];

describe('an encrypted event', () => {
  it.each(EVENTS)('contains no personal data: %s', (_what, event) => {
    const encrypted = encryptEvent(event, 'ada', key, systemRuntime);
    expect(PERSON.filter((text) => encrypted.includes(text))).toEqual([]);
  });

  it.each(EVENTS)('decrypts to the original event with the key: %s', (_what, event) => {
    expect(decodeEvent(encryptEvent(event, 'ada', key, systemRuntime), withKey)).toEqual({ kind: 'event', event });
  });

  it('leaves the rest of the order readable', () => {
    expect(JSON.parse(encryptEvent(placed, 'ada', key, systemRuntime))).toMatchObject({
      aggregateId: 'order-1',
      data: { customerId: 'ada', total: 5998, items: [{ productId: 'lamp' }] },
      order: { total: 5998, status: 'submitted', customerPhone: null },
      personal: { customerId: 'ada' },
    });
  });

  it('decodes to placeholders once the key is destroyed', () => {
    expect(decodeEvent(encryptEvent(withPhone, 'ada', key, systemRuntime), destroyedKeys)).toEqual({
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

  it('is undecodable when no key is known, and does not count as erased', () => {
    expect(decodeEvent(encryptEvent(placed, 'ada', key, systemRuntime), noKeys)).toEqual({
      kind: 'undecodable',
      reason: 'the data key of customer ada is unknown',
    });
  });

  it('hides the reason that a person gave', () => {
    const event: OrderEventEnvelope = {
      ...placed,
      eventType: 'OrderCancelled',
      schemaVersion: 1,
      data: { reason: 'I, Ada, have moved' },
    };
    expect(encryptEvent(event, 'ada', key, systemRuntime)).not.toContain('moved');
    expect(decodeEvent(encryptEvent(event, 'ada', key, systemRuntime), withKey)).toEqual({ kind: 'event', event });
  });

  it('has placeholders and no ciphertext when it happens after the erasure', () => {
    const encrypted = JSON.parse(encryptEvent(withPhone, 'ada', 'destroyed', systemRuntime));
    expect(encrypted).not.toHaveProperty('personal');
    expect(encrypted.order).toMatchObject({
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
    expect(decodeEvent(encryptEvent(event, 'ada', key, systemRuntime), destroyedKeys)).toMatchObject({
      event: { order: { customerName: ERASED, shippingAddress: null } },
    });
  });

  it('restores any name, email and phone', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.option(fc.string()), (customerName, customerEmail, customerPhone) => {
        const event = { ...placed, order: { ...placed.order, customerName, customerEmail, customerPhone } };
        expect(decodeEvent(encryptEvent(event, 'ada', key, systemRuntime), withKey)).toEqual({ kind: 'event', event });
      }),
    );
  });
});

describe('a tampered event', () => {
  const refused = {
    kind: 'undecodable',
    reason: 'its personal data cannot be decrypted with the data key of the customer',
  };
  const encrypted = JSON.parse(encryptEvent(placed, 'ada', key, systemRuntime));
  const decode = (event: object, keyOf: KeyOf = withKey) => decodeEvent(JSON.stringify(event), keyOf);

  it('is undecodable with the personal data of another event', () => {
    const { personal } = JSON.parse(encryptEvent(orderPlaced(), 'ada', key, systemRuntime));
    expect(decode({ ...encrypted, personal })).toEqual(refused);
  });

  it('is undecodable with the key of another customer', () => {
    expect(decode(encrypted, () => randomBytes(32))).toEqual(refused);
  });

  it('is undecodable when its ciphertext was changed', () => {
    const ciphertext = Buffer.from(encrypted.personal.ciphertext, 'base64').fill(0, 20, 21).toString('base64');
    expect(decode({ ...encrypted, personal: { ...encrypted.personal, ciphertext } })).toEqual(refused);
  });

  it.each([null, 'text', {}, { customerId: 'ada' }, { customerId: 'ada', ciphertext: 'no base64!' }])(
    'is undecodable with %j in place of its personal data',
    (personal) => {
      expect(decode({ ...encrypted, personal })).toMatchObject({ kind: 'undecodable' });
    },
  );
});

describe('an event stored before personal data was encrypted', () => {
  it.each(EVENTS)('is read unchanged: %s', (_what, event) => {
    expect(decodeEvent(JSON.stringify(event), noKeys)).toEqual({ kind: 'event', event });
  });
});

describe('hasPersonalData', () => {
  const erased = { customerName: ERASED, customerEmail: ERASED, customerPhone: null, shippingAddress: ERASED_ADDRESS };
  const unknown: OrderEventEnvelope = {
    ...placed,
    eventType: 'OrderConfirmed',
    schemaVersion: 1,
    data: { confirmedAt: placed.timestamp },
    order: { ...placed.order, ...erased },
  };

  it.each(EVENTS)('is true for %s', (_what, event) => {
    expect(hasPersonalData(event)).toBe(true);
  });

  it('is false once the customer is erased', () => {
    expect(hasPersonalData(unknown)).toBe(false);
  });

  it('is true when a single field of an address is not a placeholder', () => {
    const shippingAddress = { ...ERASED_ADDRESS, city: 'Seattle' };
    const known: OrderEventEnvelope = { ...unknown, order: { ...unknown.order, shippingAddress } };
    expect(hasPersonalData(known)).toBe(true);
  });

  it('is false for a product, whose name is not personal data', () => {
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
  it('requests the keys of all its customers once', async () => {
    const requested: (readonly string[])[] = [];
    const bodies = ['ada', 'bob', 'ada'].map((customerId) =>
      encryptEvent(orderPlaced(), customerId, key, systemRuntime),
    );
    await decodeEvents([...bodies, JSON.stringify(placed), 'no event'], async (customerIds) => {
      requested.push(customerIds);
      return () => key;
    });
    expect(requested).toEqual([['ada', 'bob']]);
  });

  it('requests no keys when none of its events is encrypted', async () => {
    const decoding = decodeEvents([JSON.stringify(placed)], () => Promise.reject(new Error('requested')));
    expect(await decoding).toEqual([{ kind: 'event', event: placed }]);
  });

  it('is not decoded when its keys cannot be read', async () => {
    const decoding = decodeEvents([encryptEvent(placed, 'ada', key, systemRuntime)], () =>
      Promise.reject(new Error('database unavailable')),
    );
    await expect(decoding).rejects.toThrow('database unavailable');
  });
});
