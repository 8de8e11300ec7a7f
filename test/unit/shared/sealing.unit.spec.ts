import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ERASED } from '../../../src/shared/personal-data/placeholders.ts';
import { type SealedHead, seal, unseal } from '../../../src/shared/personal-data/sealing.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';

const key = randomBytes(32);
const event: SealedHead = {
  eventId: 'event-1',
  eventType: 'OrderPlaced',
  aggregateType: 'Order',
  aggregateId: 'order-1',
  version: 1,
  order: { customerName: ERASED, items: [{ name: 'Desk lamp' }, { name: ERASED }], total: 5998 },
};
const personal = { order: { customerName: 'Ada Lovelace' } };
const sealed = seal(personal, event, { customerId: 'ada', key, chance: systemRuntime });

describe('sealed personal data', () => {
  it('opens with the key in the event for which it was sealed', () => {
    expect(unseal(sealed, event, 'ada', key)).toEqual(personal);
  });

  it('opens when the other fields of the event come in another order', () => {
    const { order, ...head } = event;
    expect(unseal(sealed, { order, ...head }, 'ada', key)).toEqual(personal);
  });

  it('is different each time', () => {
    expect(seal(personal, event, { customerId: 'ada', key, chance: systemRuntime })).not.toBe(sealed);
  });

  it.each<readonly [string, Partial<SealedHead>]>([
    ['id', { eventId: 'event-2' }],
    ['type', { eventType: 'OrderSubmitted' }],
    ['aggregate type', { aggregateType: 'Customer' }],
    ['aggregate id', { aggregateId: 'order-2' }],
    ['version', { version: 2 }],
    ['encrypted field', { order: { customerEmail: ERASED, items: [{ name: 'Desk lamp' }, { name: ERASED }] } }],
    ['encrypted element', { order: { customerName: ERASED, items: [{ name: ERASED }, { name: 'Desk lamp' }] } }],
  ])('does not open in an event with another %s', (_what, change) => {
    expect(() => unseal(sealed, { ...event, ...change }, 'ada', key)).toThrow();
  });

  it('does not open for another customer', () => {
    expect(() => unseal(sealed, event, 'bob', key)).toThrow();
  });

  it('keeps ids apart whatever characters they have', () => {
    const quoted = seal(personal, { ...event, aggregateId: 'a","b' }, { customerId: 'c', key, chance: systemRuntime });
    expect(() => unseal(quoted, { ...event, aggregateId: 'b' }, 'c","a', key)).toThrow();
  });
});
