import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../../../src/shared/events/decode.ts';
import { customerRegistered, orderPlaced } from '../../support/events/events.ts';
import { noKeys } from '../../support/events/personal-data.ts';

describe('what comes from the hub', () => {
  it.each([
    ['OrderPlaced', orderPlaced()],
    ['CustomerRegistered', customerRegistered()],
  ])('is an event: %s', (_type, event) => {
    expect(decodeEvent(JSON.stringify(event), noKeys)).toEqual({ kind: 'event', event });
  });

  it('may be of a type that is not known yet', () => {
    const body = JSON.stringify({ ...orderPlaced(), eventType: 'OrderGiftWrapped' });
    expect(decodeEvent(body, noKeys)).toEqual({ kind: 'unknown', eventType: 'OrderGiftWrapped' });
  });

  it.each([
    ['no JSON', 'hello'],
    ['cut off', JSON.stringify(orderPlaced()).slice(0, -1)],
    ['no object', 'null'],
    ['without a type', '{}'],
  ])('may be undecodable: %s', (_what, body) => {
    expect(decodeEvent(body, noKeys)).toEqual({
      kind: 'undecodable',
      reason: 'it is not a JSON object with an eventType',
    });
  });

  it('may be a known event with a wrong field, which is named', () => {
    const decoded = decodeEvent(JSON.stringify({ ...orderPlaced(), version: 0 }), noKeys);
    expect(decoded).toMatchObject({ kind: 'undecodable', reason: expect.stringContaining('version') });
  });

  it('never makes it throw', () => {
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
