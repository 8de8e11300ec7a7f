import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchWords } from '../../../src/shared/read-models/order-search.ts';
import { orderSearch } from '../../../src/sync/projections/order-search.ts';
import { disorderOf, orderEvent } from '../../support/events/order-lives.ts';
import { fold, onlyDocument } from '../../support/projections/projections.ts';

describe('search words', () => {
  it.each([
    ['Crème BRÛLÉE-Set', ['creme', 'brulee', 'set']],
    ['order-536365/A', ['order', '536365', 'a']],
    ['Straße ﬁne İstanbul', ['straße', 'fine', 'istanbul']],
    ['Ｗｉｄｅ 李小龍', ['wide', '李小龍']],
    ['a a A á', ['a']],
    [' …!? ', []],
  ])('of %j are %j', (text, words) => {
    expect(searchWords(text)).toEqual(words);
  });

  it('are the same when a text is taken apart once more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const words = searchWords(text);
        expect(searchWords(words.join(' '))).toEqual(words);
      }),
    );
  });
});

describe('order search', () => {
  it('given a placed order, then what it can be found by', () => {
    const event = orderEvent('order-1', 1, { customerName: 'Zoë Müller' });
    expect(onlyDocument(fold(orderSearch, [event]))).toEqual({
      id: 'order-1',
      orderId: 'order-1',
      customerId: 'ada',
      customerName: 'Zoë Müller',
      customerVersion: 0,
      status: 'submitted',
      currency: 'USD',
      total: 5998,
      itemCount: 1,
      placedAt: '2026-01-15T10:30:00.000Z',
      words: ['zoe', 'muller', 'order', '1', 'desk', 'lamp'],
      orderWords: ['order', '1', 'desk', 'lamp'],
      sortKey: '2026-01-15T10:30:00.000Z|order-1',
      version: 1,
      lastUpdated: '2026-01-15T10:01:00.000Z',
      projectionVersion: 1,
    });
  });

  it('given a draft, then nothing', () => {
    expect(fold(orderSearch, [orderEvent('order-1', 1, { status: 'draft', placedAt: null })]).size).toBe(0);
  });

  it('is the newest version for any disorder of the events', () => {
    const events = [1, 2, 3].map((version) => orderEvent('order-1', version, { total: version }));
    fc.assert(
      fc.property(disorderOf(events), (received) => {
        expect(onlyDocument(fold(orderSearch, received))).toMatchObject({ version: 3, total: 3 });
      }),
    );
  });
});
