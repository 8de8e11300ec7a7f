import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  decryptForEvent,
  type EventContext,
  encryptForEvent,
} from '../../../src/shared/personal-data/event-ciphertext.ts';
import { ERASED } from '../../../src/shared/personal-data/placeholders.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';

const key = randomBytes(32);
const event: EventContext = {
  eventId: 'event-1',
  eventType: 'OrderPlaced',
  aggregateType: 'Order',
  aggregateId: 'order-1',
  version: 1,
  order: { customerName: ERASED, items: [{ name: 'Desk lamp' }, { name: ERASED }], total: 5998 },
};
const personal = { order: { customerName: 'Ada Lovelace' } };
const encrypted = encryptForEvent(personal, event, { customerId: 'ada', key, chance: systemRuntime });

describe('encrypted personal data', () => {
  it('decrypts with the key in the event for which it was encrypted', () => {
    expect(decryptForEvent(encrypted, event, 'ada', key)).toEqual(personal);
  });

  it('decrypts when the other fields of the event are in another order', () => {
    const { order, ...head } = event;
    expect(decryptForEvent(encrypted, { order, ...head }, 'ada', key)).toEqual(personal);
  });

  it('is different each time', () => {
    expect(encryptForEvent(personal, event, { customerId: 'ada', key, chance: systemRuntime })).not.toBe(encrypted);
  });

  it.each<readonly [string, Partial<EventContext>]>([
    ['id', { eventId: 'event-2' }],
    ['type', { eventType: 'OrderSubmitted' }],
    ['aggregate type', { aggregateType: 'Customer' }],
    ['aggregate id', { aggregateId: 'order-2' }],
    ['version', { version: 2 }],
    ['encrypted field', { order: { customerEmail: ERASED, items: [{ name: 'Desk lamp' }, { name: ERASED }] } }],
    ['encrypted element', { order: { customerName: ERASED, items: [{ name: ERASED }, { name: 'Desk lamp' }] } }],
  ])('does not decrypt in an event with another %s', (_what, change) => {
    expect(() => decryptForEvent(encrypted, { ...event, ...change }, 'ada', key)).toThrow();
  });

  it('does not decrypt for another customer', () => {
    expect(() => decryptForEvent(encrypted, event, 'bob', key)).toThrow();
  });

  it('keeps ids apart whatever characters they have', () => {
    const quoted = encryptForEvent(
      personal,
      { ...event, aggregateId: 'a","b' },
      { customerId: 'c', key, chance: systemRuntime },
    );
    expect(() => decryptForEvent(quoted, { ...event, aggregateId: 'b' }, 'c","a', key)).toThrow();
  });
});
