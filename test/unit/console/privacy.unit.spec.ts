import { describe, expect, it } from 'vitest';
import { foundOf, type Held, holdingsOf, keysErasedAt, nameIn, partOf } from '../../../console/src/privacy/holdings.ts';
import { afterFailure, afterRead, NOT_READ } from '../../../console/src/privacy/proof.ts';
import { EVENT_CONTRACTS } from '../../../src/shared/events/envelope.ts';
import type { PersonalFields } from '../../../src/shared/personal-data/personal-fields.ts';

const personalIn = (store: string, record: Readonly<Record<string, unknown>>) =>
  holdingsOf([{ store, record }]).map(({ personal, erased }) => ({ personal, erased }));

/** A value with a text in every personal field. */
function filled(fields: PersonalFields): unknown {
  if (fields.kind === 'array') return [filled(fields.element)];
  if (fields.kind === 'object')
    return Object.fromEntries([...fields.fields].map(([name, field]) => [name, filled(field)]));
  return fields.placeholder;
}

describe('what is held about a customer', () => {
  it.each([...EVENT_CONTRACTS].filter(([, { personal }]) => personal !== undefined))(
    'includes every personal field of the event %s',
    (_, { personal }) => {
      const event = personal && filled(personal);
      const placeholders = JSON.stringify(event).split('"[erased]"').length - 1;
      expect(personalIn('Events', { event })).toEqual([{ personal: 0, erased: placeholders }]);
    },
  );

  it('counts the values of tables and documents, and leaves out ids, statuses and amounts', () => {
    const order = {
      orderId: 'o1',
      status: 'shipped',
      shippingStreet: '1 Main St',
      shippingCity: 'Seattle',
      carrier: null,
    };
    expect(personalIn('Orders', order)).toEqual([{ personal: 2, erased: 0 }]);
    const shipment = {
      customerName: '[erased]',
      region: 'US-WA',
      shippingAddress: { street: '[erased]', zip: '98101' },
    };
    expect(personalIn('shipping_board', shipment)).toEqual([{ personal: 2, erased: 2 }]);
  });

  it('counts the words by which a document is found, unless they are of its lines', () => {
    const document = {
      customerName: 'Ada Lamp',
      words: ['ada', 'lamp', 'o1'],
      orderWords: ['lamp', 'o1'],
    };
    expect(personalIn('order_search', document)).toEqual([{ personal: 2, erased: 0 }]);
  });

  it('does not take the reason of a dead letter for one of the customer', () => {
    expect(personalIn('dead_letters', { reason: 'undecodable', event: { data: { reason: 'too late' } } })).toEqual([
      { personal: 1, erased: 0 },
    ]);
  });

  it('knows the name and the keys', () => {
    const records = [
      { store: 'Customers', record: { name: 'Ada Lovelace' } },
      { store: 'CustomerKeys', record: { erasedAt: null } },
    ];
    expect([nameIn(records), keysErasedAt(records)]).toEqual(['Ada Lovelace', undefined]);
    const erased = [
      { store: 'Customers', record: { name: '[erased]' } },
      { store: 'CustomerKeys', record: { erasedAt: '2026-03-01T10:00:00.000Z' } },
    ];
    expect([nameIn(erased), keysErasedAt(erased)]).toEqual([undefined, '2026-03-01T10:00:00.000Z']);
  });

  it('is grouped by the part of the system', () => {
    expect(['Orders', 'Events', 'order_pages', 'dead_letters', 'search_orders'].map(partOf)).toEqual([
      'Write model',
      'Event log',
      'Read models',
      'Dead letters',
      'Search',
    ]);
  });
});

describe('the proof of an erasure', () => {
  const held = (personal: number, erasedAt?: string): Held => ({
    ...{ records: [], readAt: 0, isRequested: false, name: undefined, erasedAt },
    holdings: [{ store: 'Orders', records: [], personal, erased: 0 }],
  });
  const before = held(3);
  const erasedAt = '2026-03-01T10:00:00.000Z';

  it('is complete when no store has personal data, with the time of the first read that saw it', () => {
    const first = afterRead(NOT_READ, { before, now: held(1, erasedAt), ms: 200 });
    expect(first.state).toBe('reading');
    const last = afterRead(first, { before, now: held(0, erasedAt), ms: 500 });
    expect([last.state, last.cleanAfterMs.get('Orders')]).toEqual(['clean', 500]);
  });

  it('is late when personal data is left after a minute', () => {
    expect(afterRead(NOT_READ, { before, now: held(1, erasedAt), ms: 60_001 }).state).toBe('late');
  });

  it('is late when the reads have failed for a minute', () => {
    const first = afterFailure(NOT_READ, 'no answer', 1_000);
    expect([first.state, first.error]).toEqual(['reading', 'no answer']);
    expect(afterFailure(first, 'no answer', 60_001).state).toBe('late');
  });

  it('counts what is found of the customer among any number of people with the same name', async () => {
    async function* found() {
      for (let count = 0; count < 250; count++) yield { customerId: `other-${count}` };
      yield { customerId: 'c1' };
    }
    expect(await foundOf('c1', { store: 'search_customers', found: found() })).toEqual({
      ...{ store: 'search_customers', records: [{ customerId: 'c1' }], personal: 1, erased: 0 },
    });
  });
});
