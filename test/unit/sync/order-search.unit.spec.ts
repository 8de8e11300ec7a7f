import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_INDEXED_BYTES, MAX_INDEXED_WORDS } from '../../../src/shared/read-models/search-words.ts';
import { orderSearch } from '../../../src/sync/projections/order-search.ts';
import { customerChanged } from '../../support/events/events.ts';
import { disorderOf, orderEvent } from '../../support/events/order-lives.ts';
import { fold, onlyDocument } from '../../support/projections/projections.ts';

/** Characters of one to four bytes, with and without spaces between words; U+FDFA folds to 18 letters in four words. */
const character = fc.oneof(
  fc.constantFrom('a', ' ', 'ø', '龍', '𠮷', 'ก', 'ำ', '\ufdfa'),
  fc.string({ unit: 'binary', size: '=', minLength: 1, maxLength: 1 }),
);
const text = fc.string({ unit: character, size: 'max', maxLength: 195 });

/** Orders of any number of lines and length of names, up to the limits of both. */
const anyOrder = fc
  .record({ customerName: text, lines: fc.constantFrom(1, 100, 500), text })
  .map(({ customerName, lines, text }) => ({
    customerName,
    items: Array.from({ length: lines }, (_, index) => ({
      ...{ line: index + 1, productId: `product-${index}`, quantity: 1, price: 1 },
      productName: `${String.fromCodePoint(0x4e00 + index)}${text} ${index}`,
    })),
  }));

describe('the order_search projection', () => {
  it('creates an entry with the search words of a placed order', () => {
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
      projectionVersion: 2,
    });
  });

  it('stores the id and the first words of any order in a document of limited size', () => {
    fc.assert(
      fc.property(anyOrder, text, (order, newName) => {
        const renamed = customerChanged({ aggregateId: 'ada', version: 2 }, newName);
        const { words, orderWords } = onlyDocument(fold(orderSearch, [orderEvent('order-1', 1, order), renamed])) ?? {};
        for (const some of [words ?? [], orderWords ?? []]) {
          expect(some.length).toBeLessThanOrEqual(MAX_INDEXED_WORDS);
          expect(Buffer.byteLength(JSON.stringify(some))).toBeLessThanOrEqual(MAX_INDEXED_BYTES);
          expect(some).toEqual(expect.arrayContaining(['order', '1']));
        }
      }),
      { numRuns: 20 },
    );
  });

  it('creates no entry for a draft', () => {
    const draft = orderEvent('order-1', 1, { status: 'draft', placedAt: null });
    const documents = new Map();
    expect(orderSearch.targetsOf(draft)).toEqual([]);
    expect(orderSearch.apply(documents, draft, 'order-1')).toBe(documents);
  });

  it('keeps the newest version for any order of arrival and any duplicates', () => {
    const events = [1, 2, 3].map((version) => orderEvent('order-1', version, { total: version }));
    fc.assert(
      fc.property(disorderOf(events), (received) => {
        expect(onlyDocument(fold(orderSearch, received))).toMatchObject({ version: 3, total: 3 });
      }),
    );
  });
});
