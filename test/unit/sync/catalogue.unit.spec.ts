import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventEnvelope, ProductEventEnvelope } from '../../../src/shared/events/envelope.ts';
import { type CatalogueProduct, PRODUCT_ID } from '../../../src/shared/read-models/catalogue.ts';
import { catalogue } from '../../../src/sync/projections/catalogue.ts';
import { customerRegistered, productAdded } from '../../support/events/events.ts';
import { disorderOf, orderEvent } from '../../support/events/order-lives.ts';
import { fold } from '../../support/projections/projections.ts';

const product = { productId: 'lamp', name: 'Desk lamp', price: 2999, currency: 'USD' };
const head = { ...productAdded(), product, schemaVersion: 1, aggregateType: 'Product' } as const;

/** The lamp's price changes. */
const priceChanged = (version: number, price: number): ProductEventEnvelope => ({
  ...head,
  version,
  timestamp: `2026-01-15T11:0${version}:00.000Z`,
  eventType: 'PriceChanged',
  data: { price },
  product: { ...product, price },
});

/** The lamp gets another name. */
const renamed = (version: number, name: string): ProductEventEnvelope => ({
  ...head,
  version,
  timestamp: `2026-01-15T11:0${version}:00.000Z`,
  eventType: 'ProductRenamed',
  data: { name },
  product: { ...product, name },
});

/** The lamp is discontinued. */
const discontinued = (version: number): ProductEventEnvelope => ({
  ...head,
  version,
  timestamp: `2026-01-15T11:0${version}:00.000Z`,
  eventType: 'ProductDiscontinued',
  data: { reason: 'No longer made' },
});

/** Units of the lamp arrive or are removed. */
const adjusted = (version: number, delta: number): ProductEventEnvelope => ({
  ...head,
  version,
  timestamp: `2026-01-15T11:0${version}:00.000Z`,
  eventType: 'StockAdjusted',
  data: { delta, reason: 'stocktaking' },
});

const added = productAdded();
const placed = orderEvent('order-1', 1);
const draft = orderEvent('order-1', 1, { status: 'draft', placedAt: null });
const confirmedAt = '2026-01-16T08:00:00.000Z';
const shippingAddress = { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' };
const cancelled = (orderId: string, version: number, order = {}): EventEnvelope => ({
  ...orderEvent(orderId, version, { status: 'cancelled', ...order }),
  eventType: 'OrderCancelled',
  schemaVersion: 1,
  data: { reason: 'changed my mind' },
});

const documentsAfter = (...events: readonly EventEnvelope[]) => fold(catalogue, events).get('lamp') ?? new Map();
const lampAfter = (...events: readonly EventEnvelope[]): CatalogueProduct => documentsAfter(...events).get(PRODUCT_ID);

describe('the catalogue projection', () => {
  it('has a product with its stock, and the entry that proves it', () => {
    const documents = documentsAfter(added);
    expect(documents.get(PRODUCT_ID)).toEqual({
      type: 'product',
      id: PRODUCT_ID,
      ...product,
      available: 10,
      words: ['lamp', 'desk'],
      sortKey: '2026-01-15T10:30:00.000Z|lamp',
      version: 1,
      lastUpdated: '2026-01-15T10:30:00.000Z',
      projectionVersion: 1,
    });
    expect([...documents.values()]).toContainEqual({
      type: 'stock',
      id: '!event-1',
      productId: 'lamp',
      units: 10,
      version: 1,
      projectionVersion: 1,
    });
  });

  it('takes the units of a submitted order from the stock, and returns those of a cancelled one', () => {
    expect(lampAfter(added, placed)).toMatchObject({ available: 8, version: 1 });
    expect(lampAfter(added, placed, cancelled('order-1', 2))).toMatchObject({ available: 10, version: 1 });
  });

  it('ignores a submission that arrives after its cancellation', () => {
    expect(lampAfter(cancelled('order-1', 2), placed, added)).toMatchObject({ available: 10 });
  });

  it('counts all lines of a product, and changes each product of an order in its own partition', () => {
    const line = { line: 1, productId: 'lamp', productName: 'Desk lamp', quantity: 2, price: 2999 };
    const items = [line, { ...line, line: 2, quantity: 3 }, { ...line, line: 3, productId: 'a/b' }];
    const event = orderEvent('order-1', 1, { items });
    expect(catalogue.targetsOf(event)).toEqual([
      { partitionKey: 'lamp', ids: ['order-1', PRODUCT_ID], unreadIds: ['order-1'] },
      { partitionKey: 'a/b', ids: ['order-1', PRODUCT_ID], unreadIds: ['order-1'] },
    ]);
    const model = fold(catalogue, [event]);
    expect([...model].map(([productId, documents]) => [productId, documents.get(PRODUCT_ID)])).toMatchObject([
      ['lamp', { available: -5 }],
      ['a/b', { available: -2 }],
    ]);
  });

  it('takes name and price from the newest event, in any order of arrival', () => {
    for (const events of [
      [added, priceChanged(2, 100), priceChanged(3, 50)],
      [priceChanged(3, 50), priceChanged(2, 100), added],
    ]) {
      expect(lampAfter(...events)).toMatchObject({ price: 50, version: 3, available: 10 });
    }
  });

  it('changes only the product for an event that moves no stock', () => {
    expect(catalogue.targetsOf(priceChanged(2, 100))).toEqual([{ partitionKey: 'lamp', ids: [PRODUCT_ID] }]);
  });

  it('counts an order before its product has arrived', () => {
    expect(lampAfter(placed)).toEqual({
      type: 'product',
      id: PRODUCT_ID,
      productId: 'lamp',
      name: '',
      price: 0,
      currency: '',
      available: -2,
      words: [],
      version: 0,
      lastUpdated: placed.timestamp,
    });
  });

  it('has no place in lists before ProductAdded has arrived', () => {
    expect(lampAfter(placed, priceChanged(2, 100))).not.toHaveProperty('sortKey');
  });

  it('finds a renamed product by its new name', () => {
    expect(lampAfter(added, renamed(2, 'Brass light'))).toMatchObject({
      name: 'Brass light',
      words: ['lamp', 'brass', 'light'],
      sortKey: '2026-01-15T10:30:00.000Z|lamp',
    });
  });

  it('has no place in lists for a discontinued product, in any order of arrival, and still counts its stock', () => {
    const events = [added, placed, discontinued(2), priceChanged(3, 100), cancelled('order-1', 2)];
    const expected = fold(catalogue, events);
    expect(expected.get('lamp')?.get(PRODUCT_ID)).toMatchObject({ discontinued: true, price: 100, available: 10 });
    expect(expected.get('lamp')?.get(PRODUCT_ID)).not.toHaveProperty('sortKey');
    fc.assert(
      fc.property(disorderOf(events), (received) => {
        expect(fold(catalogue, received)).toEqual(expected);
      }),
    );
  });

  it.each<[string, EventEnvelope]>([
    ['a customer', customerRegistered()],
    ['a draft', { ...draft, eventType: 'ItemRemoved', schemaVersion: 1, data: { productId: 'lamp' } }],
    ['a draft that is cancelled', cancelled('order-1', 2, { placedAt: null })],
    ['a confirmed order', { ...placed, eventType: 'OrderConfirmed', schemaVersion: 1, data: { confirmedAt } }],
    ['a new address', { ...placed, eventType: 'ShippingAddressChanged', schemaVersion: 1, data: { shippingAddress } }],
  ])('reads and writes nothing for an event of %s, which moves no stock', (_what, event) => {
    const documents = new Map();
    expect(catalogue.targetsOf(event)).toEqual([]);
    expect(catalogue.apply(documents, event, 'lamp')).toBe(documents);
  });

  it('returns the same documents for a duplicate event, so that nothing is written', () => {
    const events = [added, placed, adjusted(2, -3), priceChanged(3, 100)];
    const documents = documentsAfter(...events);
    for (const event of events) expect(catalogue.apply(documents, event, 'lamp')).toBe(documents);
  });

  it('has the same documents for any order of arrival and any duplicates', () => {
    const adjustments = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 5 });
    const orders = fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 9 }), isCancelled: fc.boolean() }));
    const lives = fc.tuple(adjustments, orders).chain(([deltas, placedOrders]) => {
      const events: readonly EventEnvelope[] = [
        added,
        ...deltas.map((delta, index) => adjusted(index + 2, delta)),
        ...placedOrders.flatMap(({ quantity, isCancelled }, index) => {
          const items = placed.order.items.map((item) => ({ ...item, quantity }));
          const first = orderEvent(`order-${index}`, 1, { items });
          return isCancelled ? [first, cancelled(`order-${index}`, 2, { items })] : [first];
        }),
      ];
      const open = placedOrders.filter(({ isCancelled }) => !isCancelled);
      const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
      const available = 10 + sum(deltas) - sum(open.map(({ quantity }) => quantity));
      return fc.tuple(fc.constant(events), disorderOf(events), fc.constant(available));
    });
    fc.assert(
      fc.property(lives, ([events, received, available]) => {
        const model = fold(catalogue, received);
        expect(model).toEqual(fold(catalogue, events));
        expect(model.get('lamp')?.get(PRODUCT_ID)).toMatchObject({ available });
      }),
    );
  });
});
