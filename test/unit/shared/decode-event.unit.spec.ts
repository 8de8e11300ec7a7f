import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../../../src/shared/events/decode.ts';
import { customerRegistered, orderPlaced } from '../../support/events/events.ts';
import { noKeys } from '../../support/events/personal-data.ts';

describe('decodeEvent', () => {
  it.each([
    ['OrderPlaced', orderPlaced()],
    ['CustomerRegistered', customerRegistered()],
  ])('returns a known event: %s', (_type, event) => {
    expect(decodeEvent(JSON.stringify(event), noKeys)).toEqual({ kind: 'event', event });
  });

  it('returns unknown for an event type that it does not know', () => {
    const body = JSON.stringify({ ...orderPlaced(), eventType: 'OrderGiftWrapped' });
    expect(decodeEvent(body, noKeys)).toEqual({ kind: 'unknown', eventType: 'OrderGiftWrapped' });
  });

  it.each([
    ['not JSON', 'hello'],
    ['truncated', JSON.stringify(orderPlaced()).slice(0, -1)],
    ['not an object', 'null'],
    ['an object without a type', '{}'],
  ])('returns undecodable for a body that is %s', (_what, body) => {
    expect(decodeEvent(body, noKeys)).toEqual({
      kind: 'undecodable',
      reason: 'it is not a JSON object with an eventType',
    });
  });

  it('returns undecodable for a known event with an invalid field, and names the field', () => {
    const decoded = decodeEvent(JSON.stringify({ ...orderPlaced(), version: 0 }), noKeys);
    expect(decoded).toMatchObject({ kind: 'undecodable', reason: expect.stringContaining('version') });
  });

  it('never throws', () => {
    const bodies = fc.oneof(
      fc.string(),
      fc.json(),
      fc.object().map((o) => JSON.stringify({ ...o, eventType: 'OrderPlaced' })),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        expect(decodeEvent(body, noKeys)).toHaveProperty('kind');
      }),
    );
  });
});
