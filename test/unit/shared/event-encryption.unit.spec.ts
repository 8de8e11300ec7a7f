import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent, decodeEvents } from '../../../src/shared/events/decode.ts';
import type { EventEnvelope, OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import { encryptForEvent } from '../../../src/shared/personal-data/event-ciphertext.ts';
import {
  type DataKeys,
  decryptEvent,
  encryptEvent,
  type KeysOf,
} from '../../../src/shared/personal-data/event-encryption.ts';
import { ERASED, ERASED_ADDRESS, ERASED_SHIPMENT } from '../../../src/shared/personal-data/placeholders.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { customerRegistered, orderPlaced } from '../../support/events/events.ts';
import { destroyedKeys, noKeys } from '../../support/events/personal-data.ts';

const key = { keyId: 'key-1', key: randomBytes(32) };
const withKey: KeysOf = (customerId) => (customerId === 'ada' ? [key] : 'unknown');
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
    const encrypted = encryptEvent(event, key, systemRuntime);
    expect(PERSON.filter((text) => encrypted.includes(text))).toEqual([]);
  });

  it.each(EVENTS)('decrypts to the original event with the key: %s', (_what, event) => {
    expect(decodeEvent(encryptEvent(event, key, systemRuntime), withKey)).toEqual({ kind: 'event', event });
  });

  it.each(EVENTS)('decrypts with the key that it names, among several of the customer: %s', (_what, event) => {
    const newer = { keyId: 'key-2', key: randomBytes(32) };
    expect(decodeEvent(encryptEvent(event, key, systemRuntime), () => [newer, key])).toEqual({ kind: 'event', event });
    expect(decodeEvent(encryptEvent(event, key, systemRuntime), () => [newer])).toEqual({
      kind: 'undecodable',
      reason: 'the data key of customer ada is unknown',
    });
  });

  it('leaves the rest of the order readable', () => {
    expect(JSON.parse(encryptEvent(placed, key, systemRuntime))).toMatchObject({
      aggregateId: 'order-1',
      data: { customerId: 'ada', total: 5998, items: [{ productId: 'lamp' }] },
      order: { total: 5998, status: 'submitted', customerPhone: null },
      personal: { customerId: 'ada' },
    });
  });

  it('decodes to placeholders once the key is destroyed', () => {
    expect(decodeEvent(encryptEvent(withPhone, key, systemRuntime), destroyedKeys)).toEqual({
      kind: 'event',
      event: {
        ...placed,
        correlationId: ERASED,
        metadata: { ...placed.metadata, source: ERASED },
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
    expect(decodeEvent(encryptEvent(placed, key, systemRuntime), noKeys)).toEqual({
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
    expect(encryptEvent(event, key, systemRuntime)).not.toContain('moved');
    expect(decodeEvent(encryptEvent(event, key, systemRuntime), withKey)).toEqual({ kind: 'event', event });
  });

  it('hides the shipment, and what the client called itself and its request', () => {
    const shipment = { carrier: 'Parcels Inc', trackingNumber: 'Parcel 1', shippedAt: placed.timestamp };
    const event: OrderEventEnvelope = {
      ...placed,
      correlationId: 'checkout of Ada',
      metadata: { userId: 'user-1', source: "Ada's tablet" },
      eventType: 'OrderShipped',
      schemaVersion: 1,
      data: shipment,
      order: { ...placed.order, status: 'shipped', tracking: shipment },
    };
    const encrypted = encryptEvent(event, key, systemRuntime);
    expect(['Parcel', 'checkout', 'tablet'].filter((text) => encrypted.includes(text))).toEqual([]);
    expect(decodeEvent(encrypted, withKey)).toEqual({ kind: 'event', event });
    expect(decodeEvent(encrypted, destroyedKeys)).toMatchObject({
      event: { correlationId: ERASED, metadata: { userId: 'user-1', source: ERASED }, data: ERASED_SHIPMENT },
    });
  });

  it('has placeholders and no ciphertext when it happens after the erasure', () => {
    const encrypted = JSON.parse(encryptEvent(withPhone, 'destroyed', systemRuntime));
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
    expect(decodeEvent(encryptEvent(event, key, systemRuntime), destroyedKeys)).toMatchObject({
      event: { order: { customerName: ERASED, shippingAddress: null } },
    });
  });

  it('restores any name, email and phone', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.option(fc.string()), (customerName, customerEmail, customerPhone) => {
        const event = { ...placed, order: { ...placed.order, customerName, customerEmail, customerPhone } };
        expect(decodeEvent(encryptEvent(event, key, systemRuntime), withKey)).toEqual({ kind: 'event', event });
      }),
    );
  });
});

describe('a tampered event', () => {
  const cannotDecrypt = {
    kind: 'undecodable',
    reason: 'its personal data cannot be decrypted with the data key of the customer',
  };
  const encrypted = JSON.parse(encryptEvent(placed, key, systemRuntime));
  const decode = (event: object, keysOf: KeysOf = withKey) => decodeEvent(JSON.stringify(event), keysOf);
  /** The encrypted event with the personal data that was encrypted for another event. */
  const withPersonalDataOf = (other: EventEnvelope) =>
    decode({ ...encrypted, personal: JSON.parse(encryptEvent(other, key, systemRuntime)).personal });
  const ordered = (customerId: string): OrderEventEnvelope => {
    const { data: _data, ...head } = placed;
    const confirmed = {
      eventType: 'OrderConfirmed',
      schemaVersion: 1,
      data: { confirmedAt: placed.timestamp },
    } as const;
    return { ...head, ...confirmed, order: { ...placed.order, customerId } };
  };

  it('is undecodable with the personal data of an event with another id', () => {
    expect(withPersonalDataOf({ ...placed, eventId: orderPlaced().eventId })).toEqual(cannotDecrypt);
  });

  it('is undecodable with the personal data of another version of the order', () => {
    expect(withPersonalDataOf({ ...placed, version: 2 })).toEqual(cannotDecrypt);
  });

  it('is undecodable with the personal data of another order', () => {
    expect(withPersonalDataOf({ ...placed, aggregateId: 'order-2' })).toEqual(cannotDecrypt);
  });

  it('is undecodable with the personal data of an event of another type', () => {
    expect(withPersonalDataOf(ordered('ada'))).toEqual(cannotDecrypt);
  });

  it("is undecodable with another customer's personal data, even when the keys are the same", () => {
    const { personal } = JSON.parse(
      encryptEvent({ ...placed, order: { ...placed.order, customerId: 'bob' } }, key, systemRuntime),
    );
    expect(decode({ ...encrypted, personal: { ...personal, customerId: 'ada' } })).toEqual(cannotDecrypt);
  });

  it.each<readonly [string, object]>([
    ['a text in place of an encrypted field', { customerName: 'Mallory' }],
    ['an encrypted field where there was none', { customerPhone: ERASED }],
    ['an encrypted field that was emptied', { customerEmail: null }],
  ])('is undecodable with %s', (_what, change) => {
    expect(decode({ ...encrypted, order: { ...encrypted.order, ...change } })).toEqual(cannotDecrypt);
  });

  it.each<readonly [string, DataKeys]>([
    ['known', [key]],
    ['destroyed', 'destroyed'],
  ])("is undecodable when it names another customer's key, which is %s", (_what, keysOfBob) => {
    const event = { ...encrypted, personal: { ...encrypted.personal, customerId: 'bob' } };
    expect(decode(event, (customerId) => (customerId === 'bob' ? keysOfBob : [key]))).toEqual({
      kind: 'undecodable',
      reason: 'its personal data is encrypted with the key of another customer',
    });
  });

  it("is undecodable when a customer's event names the key of another customer", () => {
    const event = JSON.parse(encryptEvent(registered, key, systemRuntime));
    expect(decode({ ...event, personal: { ...event.personal, customerId: 'bob' } }, () => [key])).toEqual({
      kind: 'undecodable',
      reason: 'its personal data is encrypted with the key of another customer',
    });
  });

  it('is undecodable when its ciphertext poses as one of the older scheme', () => {
    const ciphertext = encrypted.personal.ciphertext.replace('v2:', '');
    expect(decode({ ...encrypted, personal: { ...encrypted.personal, ciphertext } })).toEqual(cannotDecrypt);
  });

  it('says why it cannot be decrypted', () => {
    const decrypting = () => decryptEvent(encrypted, () => [{ ...key, key: randomBytes(32) }]);
    expect(decrypting).toThrow(expect.objectContaining({ message: cannotDecrypt.reason, cause: expect.any(Error) }));
  });

  it('is undecodable with the key of another customer', () => {
    expect(decode(encrypted, () => [{ ...key, key: randomBytes(32) }])).toEqual(cannotDecrypt);
  });

  it('is undecodable when its ciphertext was changed', () => {
    const bytes = Buffer.from(encrypted.personal.ciphertext.slice('v2:'.length), 'base64');
    bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
    const ciphertext = `v2:${bytes.toString('base64')}`;
    expect(decode({ ...encrypted, personal: { ...encrypted.personal, ciphertext } })).toEqual(cannotDecrypt);
  });

  it.each([null, 'text', {}, { customerId: 'ada' }, { customerId: 'ada', ciphertext: 'no base64!' }])(
    'is undecodable with %j in place of its personal data',
    (personal) => {
      expect(decode({ ...encrypted, personal })).toMatchObject({ kind: 'undecodable' });
    },
  );
});

/** Events as version 0.1.0 stored them: the ciphertext is bound to the event's id alone. */
const STORED_BY_0_1_0 = [
  [
    'an order',
    '{"eventId":"1fd06190-1bd3-49e2-9b38-5291fe47d59e","version":1,"timestamp":"2026-01-15T10:30:00.000Z","correlationId":"correlation-1","causationId":"command-1","metadata":{"userId":"ada","source":"http"},"aggregateId":"order-1","eventType":"OrderPlaced","schemaVersion":2,"aggregateType":"Order","data":{"customerId":"ada","currency":"USD","total":5998,"shippingAddress":{"street":"[erased]","city":"[erased]","state":"[erased]","zip":"[erased]"},"placedAt":"2026-01-15T10:30:00.000Z","items":[{"line":1,"productId":"lamp","quantity":2,"price":2999}]},"order":{"customerId":"ada","currency":"USD","total":5998,"shippingAddress":{"street":"[erased]","city":"[erased]","state":"[erased]","zip":"[erased]"},"placedAt":"2026-01-15T10:30:00.000Z","orderId":"order-1","customerName":"[erased]","customerEmail":"[erased]","customerPhone":null,"status":"submitted","items":[{"line":1,"productId":"lamp","quantity":2,"price":2999,"productName":"Desk lamp"}]},"personal":{"customerId":"ada","ciphertext":"vWtwNzeQ+3Llu4sw03CJLMv8qDYvQImu0cwYRtIKsF0CbWgrOJLhkJKWuuWRPCm4VQ+wuFYIJfo53WRCTww/0YJhavr5mQc4mZmjyiZ2xFZ2rkB+cWpC4h2xFUEYdf68cfTNWlfVNfK10KkOXfqK62Jqw9O8ta6DXqydpO4JFOD5qpVbqAWO0sF1Lnjb3bdvQBG0us/2GSUqMPQgWcfwiMalX4P/47ZUwM4fh7yK/lblVZXzGSU/abgBcIEclxqZtk59IOSdV3kkOxKnxBpJsdp9Rf80UexW0gypEdZ1yXpBr/+KeSZeg9SxqUcLgWs7bUag155xB2QufXXZZgvd9wGTknoHbaXcU2pawGzYz6dU7qUEEqEJBclyGzckNA=="}}',
  ],
  [
    'a customer',
    '{"eventId":"b25f49fc-afab-4f39-a41c-21860b822dd0","version":1,"timestamp":"2026-01-15T10:30:00.000Z","correlationId":"correlation-1","causationId":"command-1","metadata":{"userId":"ada","source":"http"},"aggregateId":"ada","eventType":"CustomerRegistered","schemaVersion":1,"aggregateType":"Customer","data":{"customerId":"ada","name":"[erased]","email":"[erased]","phone":null,"currency":"USD","creditLimit":100000},"customer":{"customerId":"ada","name":"[erased]","email":"[erased]","phone":null,"currency":"USD","creditLimit":100000},"personal":{"customerId":"ada","ciphertext":"swEGoYIkZUEOw/j/5k/aDcjXycHQtyQjtdLJEQTHe4xaf3fFG2LtJ5kG+dXS+kCHPH83BSE9hNkAFhYNkBG/FZmd7RhiQFMiCt97hcD9Ek/r56c+6VZW/8K71jM1wIsiU6o/XuhN9Rt98HVuj+gprhGgPk0hoSYkA2lb+yzmlR440N59vIkjVW6ebgReL+AtN0f4"}}',
  ],
] as const;

describe('an event that version 0.1.0 encrypted', () => {
  const keyOfAda = { keyId: 'key-1', key: Buffer.alloc(32, 'data key of ada!') };
  const decode = (body: string, keysOf: KeysOf = () => [keyOfAda]) => decodeEvent(body, keysOf);

  it.each(STORED_BY_0_1_0)('still decrypts: %s', (_what, body) => {
    const decoded = decode(body);
    expect(decoded).toMatchObject({ kind: 'event' });
    expect(JSON.stringify(decoded)).toContain('Ada Lovelace');
    expect(JSON.stringify(decoded)).not.toContain(ERASED);
  });

  it.each(STORED_BY_0_1_0)('still decrypts when the customer has newer keys: %s', (_what, body) => {
    expect(decode(body, () => [key, keyOfAda])).toMatchObject({ kind: 'event' });
  });

  it.each(STORED_BY_0_1_0)('is undecodable with another id: %s', (_what, body) => {
    const event = { ...JSON.parse(body), eventId: orderPlaced().eventId };
    expect(decode(JSON.stringify(event))).toMatchObject({ kind: 'undecodable' });
  });

  it.each(STORED_BY_0_1_0)("is undecodable when it names another customer's key: %s", (_what, body) => {
    const { personal, ...event } = JSON.parse(body);
    const moved = { ...event, personal: { ...personal, customerId: 'bob' } };
    expect(decode(JSON.stringify(moved))).toMatchObject({ kind: 'undecodable' });
  });

  it.each(STORED_BY_0_1_0)('does not decrypt inside an event that is about no customer: %s', (_what, body) => {
    const { order: _order, customer: _customer, ...event } = JSON.parse(body);
    for (const change of [{ aggregateType: 'Product' }, { aggregateType: 'Parcel', eventType: 'ParcelSent' }]) {
      expect(decode(JSON.stringify({ ...event, ...change }))).toEqual({
        kind: 'undecodable',
        reason: 'it contains encrypted personal data but is about no customer',
      });
    }
  });
});

describe('an encrypted event of an unknown aggregate', () => {
  it('is skipped as unknown, because newer publishers may send it', () => {
    const head = { eventId: 'event-1', eventType: 'ParcelSent', aggregateType: 'Parcel', aggregateId: '1', version: 1 };
    const event = { ...head, data: { recipient: ERASED } };
    const personal = { data: { recipient: 'Ada' } };
    const ciphertext = encryptForEvent(personal, event, { customerId: 'ada', key: key.key, chance: systemRuntime });
    const stored = { ...event, personal: { customerId: 'ada', keyId: key.keyId, ciphertext } };
    expect(decodeEvent(JSON.stringify(stored), withKey)).toEqual({ kind: 'unknown', eventType: 'ParcelSent' });
  });
});

describe('an event stored before personal data was encrypted', () => {
  it.each(EVENTS)('is read unchanged: %s', (_what, event) => {
    expect(decodeEvent(JSON.stringify(event), noKeys)).toEqual({ kind: 'event', event });
  });
});

describe('an event with placeholders alone', () => {
  it('has no ciphertext, even while there is a key', () => {
    const names = { customerName: ERASED, customerEmail: ERASED, customerPhone: null };
    const event: OrderEventEnvelope = {
      ...placed,
      correlationId: ERASED,
      metadata: { ...placed.metadata, source: ERASED },
      eventType: 'OrderConfirmed',
      schemaVersion: 1,
      data: { confirmedAt: placed.timestamp },
      order: { ...placed.order, ...names, shippingAddress: ERASED_ADDRESS },
    };
    expect(encryptEvent(event, key, systemRuntime)).toBe(JSON.stringify(event));
  });
});

describe('an event of a product', () => {
  it('stays as it is, because it is about nobody', () => {
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
    expect(encryptEvent(added, key, systemRuntime)).toBe(JSON.stringify(added));
  });
});

describe('a batch of events', () => {
  it('requests the keys of all its customers once', async () => {
    const requested: unknown[] = [];
    const bodies = ['ada', 'bob', 'ada'].map((customerId) =>
      encryptEvent(customerRegistered({ aggregateId: customerId }), key, systemRuntime),
    );
    await decodeEvents([...bodies, JSON.stringify(placed), 'no event'], async (needed) => {
      requested.push(needed);
      return () => [key];
    });
    const { keyId } = key;
    expect(requested).toEqual([
      [
        { customerId: 'ada', keyId },
        { customerId: 'bob', keyId },
      ],
    ]);
  });

  it('requests no keys when none of its events is encrypted', async () => {
    const decoding = decodeEvents([JSON.stringify(placed)], () => Promise.reject(new Error('requested')));
    expect(await decoding).toEqual([{ kind: 'event', event: placed }]);
  });

  it('is not decoded when its keys cannot be read', async () => {
    const decoding = decodeEvents([encryptEvent(placed, key, systemRuntime)], () =>
      Promise.reject(new Error('database unavailable')),
    );
    await expect(decoding).rejects.toThrow('database unavailable');
  });
});
