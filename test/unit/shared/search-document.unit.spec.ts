import { describe, expect, it } from 'vitest';
import { toSearchDocument } from '../../../src/shared/search/search-document.ts';
import { ORDERS_LIST, PRODUCTS_LIST } from '../../../src/shared/search/search-lists.ts';
import { orderSearch } from '../../../src/sync/projections/order-search.ts';
import { orderEvent } from '../../support/events/order-lives.ts';
import { fold, onlyDocument } from '../../support/projections/projections.ts';

describe('a search document', () => {
  it('has the words of the read model’s document, and all else as JSON', () => {
    const document = onlyDocument(fold(orderSearch, [orderEvent('order/1', 1, { customerName: 'Zoë' })]));
    const found = toSearchDocument(
      ORDERS_LIST,
      { partitionKey: 'ada', id: 'order/1' },
      { ...document, _etag: '"1"', _ts: 1 },
    );
    const { words, orderWords, ...shown } = document ?? {};
    expect(found).toEqual({
      key: 'b3JkZXIvMQ',
      sortKey: '2026-01-15T10:30:00.000Z|order/1',
      sortTime: Date.parse('2026-01-15T10:30:00.000Z'),
      status: 'submitted',
      version: 1,
      words: ['zoe', 'order', '1', 'desk', 'lamp'],
      text: 'zoe order 1 desk lamp',
      orderWords: ['order', '1', 'desk', 'lamp'],
      orderText: 'order 1 desk lamp',
      document: expect.any(String),
    });
    expect(JSON.parse(found?.document ?? '')).toEqual(shown);
  });

  it('does not exist for a document that is not listed, or not there', () => {
    expect(
      toSearchDocument(PRODUCTS_LIST, { partitionKey: 'p1', id: '!product' }, { version: 2, words: ['lamp'] }),
    ).toBeUndefined();
    expect(toSearchDocument(PRODUCTS_LIST, { partitionKey: 'p1', id: '!product' }, undefined)).toBeUndefined();
  });
});
