import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { addExactly, type ExactSum } from '../../../src/shared/money.ts';
import { ORDER_DETAILS_MAPPING } from '../../../src/shared/read-models/order-details.ts';
import type { OrderSales, SalesDocument } from '../../../src/shared/read-models/sales-daily.ts';
import { indexWords } from '../../../src/shared/read-models/search-words.ts';
import { projectCatalogue, STOCK_COUNTING } from '../../../src/sync/projections/catalogue.ts';
import { ORDER_COUNTING, projectCustomerOrders } from '../../../src/sync/projections/customer-orders.ts';
import { projectOrderDetails } from '../../../src/sync/projections/order-details.ts';
import { documentPerOrder } from '../../../src/sync/projections/order-projection.ts';
import { orderSearch } from '../../../src/sync/projections/order-search.ts';
import type { Projection } from '../../../src/sync/projections/projection.ts';
import { projectSalesDaily, SALES_COUNTING } from '../../../src/sync/projections/sales-daily.ts';
import { LIVE_COUNTING, projectSalesLive } from '../../../src/sync/projections/sales-live.ts';
import { shippingBoard } from '../../../src/sync/projections/shipping-board.ts';
import { customerRegistered, productAdded } from '../../support/events/events.ts';
import { disorderOf, interleavingOf, orderEvent, orderLives } from '../../support/events/order-lives.ts';
import { historyOf, pagesOf } from '../../support/projections/order-pages.ts';
import { documentsOf, fold, onlyDocument, type ReadModel } from '../../support/projections/projections.ts';

const exactSum = (amounts: readonly ExactSum[]) => amounts.reduce((sum, amount) => addExactly(sum, amount), 0);

/** Each projection in its current version, and in a next version with different documents and sums. */

const pages = {
  current: projectOrderDetails(ORDER_DETAILS_MAPPING),
  next: projectOrderDetails({
    ...ORDER_DETAILS_MAPPING,
    version: ORDER_DETAILS_MAPPING.version + 1,
    orderOf: (event) => ({
      ...ORDER_DETAILS_MAPPING.orderOf(event),
      customerName: event.order.customerName.toUpperCase(),
    }),
    entryOf: (event) => ({ ...ORDER_DETAILS_MAPPING.entryOf(event), userId: `user ${event.metadata.userId}` }),
  }),
};

const search = {
  current: orderSearch,
  next: documentPerOrder({
    ...orderSearch,
    version: orderSearch.version + 1,
    documentOf: (event) => {
      const document = orderSearch.documentOf(event);
      return document && { ...document, words: [...document.words, ...indexWords(event.order.status)] };
    },
  }),
};

const board = {
  current: shippingBoard,
  next: documentPerOrder({
    ...shippingBoard,
    version: shippingBoard.version + 1,
    documentOf: (event) => {
      const document = shippingBoard.documentOf(event);
      return document && { ...document, itemCount: event.order.items.reduce((sum, { quantity }) => sum + quantity, 0) };
    },
  }),
};

const customers = {
  current: projectCustomerOrders(ORDER_COUNTING),
  next: projectCustomerOrders({
    version: ORDER_COUNTING.version + 1,
    countedOf: ({ status, total }) => ({
      orders: 2,
      totalSpent: total + 1,
      ordersByStatus: { [status]: 2 },
      creditUsed: total,
    }),
  }),
};

const sales = {
  current: projectSalesDaily(SALES_COUNTING),
  next: projectSalesDaily({
    version: SALES_COUNTING.version + 1,
    countedOf: ({ status, total }) => ({
      orders: 1,
      revenue: status === 'refunded' ? 0 : total,
      cancelled: status === 'cancelled' ? 1 : 0,
      refunded: status === 'refunded' ? 1 : 0,
    }),
  }),
};

const live = {
  current: projectSalesLive(LIVE_COUNTING),
  next: projectSalesLive({
    version: LIVE_COUNTING.version + 1,
    countedOf: ({ total }) => ({ orders: 2, revenue: total + 1 }),
  }),
};

const products = {
  current: projectCatalogue(STOCK_COUNTING),
  next: projectCatalogue({
    version: STOCK_COUNTING.version + 1,
    takenBy: ({ items }) => new Map(items.map(({ productId, quantity }) => [productId, quantity + 1])),
  }),
};

const REGISTRATIONS = ['ada', 'grace', 'edsger'].map((aggregateId) => customerRegistered({ aggregateId }));

/** A log, the events that the read model has seen when a rebuild starts, and the events that arrive then: the replay and live events. */
const rebuilds = orderLives.chain((orders) => {
  const log = [...REGISTRATIONS, productAdded(), ...orders];
  return fc.nat({ max: log.length }).chain((count) => {
    const past = log.slice(0, count);
    const live = log.slice(count);
    return fc
      .tuple(fc.subarray([...past]).chain(disorderOf), disorderOf(live), fc.subarray([...past]))
      .chain(([seen, arriving, twice]) =>
        interleavingOf(past, [...arriving, ...twice]).map((coming) => ({ log, seen, coming })),
      );
  });
});

/** Rebuilds the read model of the current version with the next version, and checks it after each event. */
function rebuild<Document>(
  { current, next }: { readonly current: Projection<Document>; readonly next: Projection<Document> },
  check: (model: ReadModel<Document>, seen: readonly EventEnvelope[]) => void = () => {},
): void {
  fc.assert(
    fc.property(rebuilds, ({ log, seen, coming }) => {
      let model = fold(current, seen);
      for (const [index, event] of coming.entries()) {
        model = fold(next, [event], model);
        check(model, [...seen, ...coming.slice(0, index + 1)]);
      }
      expect(model).toEqual(fold(next, log));
    }),
  );
}

/** All versions of an order among the events. */
const versionsOf = (seen: readonly EventEnvelope[], orderId: string) =>
  new Set(seen.filter(({ aggregateId }) => aggregateId === orderId).map(({ version }) => version));

describe('a replay with a newer projection version, mixed with live, duplicate and out-of-order events', () => {
  it('rebuilds order pages, which have the newest version and every history entry at each step', () => {
    rebuild(pages, (model, seen) => {
      for (const { orderId, version } of pagesOf(model)) {
        const versions = versionsOf(seen, orderId);
        expect(version).toBe(Math.max(...versions));
        expect(new Set(historyOf(model, orderId).map((entry) => entry.version))).toEqual(versions);
      }
    });
  });

  it('rebuilds search entries', () => {
    rebuild(search);
  });

  it('rebuilds shipments', () => {
    rebuild(board);
  });

  it('rebuilds the sums of customers, which equal the sums of their counted orders at each step', () => {
    rebuild(customers, (model) => {
      for (const partition of model.values()) {
        const documents = [...partition.values()];
        const counted = documents.flatMap((document) => {
          const order = document.type === 'order' ? document : document.last;
          return order === undefined ? [] : [order.counted];
        });
        const [summary] = documents.filter((document) => document.type === 'summary');
        expect([summary?.orders, summary?.totalSpent]).toEqual([
          counted.reduce((sum, { orders }) => sum + orders, 0),
          exactSum(counted.map(({ totalSpent }) => totalSpent)),
        ]);
      }
    });
  });

  it('rebuilds the stock of products, which equals the sum of its entries at each step', () => {
    rebuild(products, (model) => {
      for (const partition of model.values()) {
        const documents = [...partition.values()];
        const units = documents.flatMap((document) => (document.type === 'stock' ? [document.units] : []));
        const [product] = documents.filter((document) => document.type === 'product');
        expect(product?.available).toBe(units.reduce((sum, counted) => sum + counted, 0));
      }
    });
  });

  it('rebuilds the sums of days, which equal the sums of their counted orders at each step', () => {
    rebuild(sales, (model) => {
      for (const partition of model.values()) {
        const documents = [...partition.values()];
        const counted = documents.flatMap(salesIn);
        const [total] = documents.filter((document) => document.type === 'total');
        expect([total?.orders, total?.revenue, total?.cancelled, total?.refunded]).toEqual([
          counted.reduce((sum, { orders }) => sum + orders, 0),
          exactSum(counted.map(({ revenue }) => revenue)),
          exactSum(counted.map(({ cancelled }) => cancelled)),
          exactSum(counted.map(({ refunded }) => refunded)),
        ]);
      }
    });
  });

  it('rebuilds the windows of minutes, which equal the sums of their counted orders at each step', () => {
    rebuild(live, (model) => {
      for (const partition of model.values()) {
        const documents = [...partition.values()];
        const counted = documents.flatMap((document) => (document.type === 'order' ? [document.counted] : []));
        const windows = documents.flatMap((document) =>
          document.type === 'windows' ? Object.values(document.windows) : [],
        );
        const sums = [counted, windows].map((sales) => [
          sales.reduce((sum, { orders }) => sum + orders, 0),
          exactSum(sales.map(({ revenue }) => revenue)),
        ]);
        expect(sums[1]).toEqual(sums[0]);
      }
    });
  });
});

/** What a record of a day counts. */
function salesIn(document: SalesDocument): readonly OrderSales[] {
  if (document.type === 'order') return [document.counted];
  return document.type === 'customer' && document.last !== undefined ? [document.last.counted] : [];
}

const events = [orderEvent('order-1', 1), orderEvent('order-1', 2, { status: 'cancelled' })];

describe('a rebuild', () => {
  it('counts an order of the older version by the new rules, and only once', () => {
    const current = fold(customers.current, events).get('ada') ?? new Map();
    expect(current.get('!summary')).toMatchObject({ orders: 1, totalSpent: 0, ordersByStatus: { cancelled: 1 } });
    const next = customers.next.apply(current, orderEvent('order-1', 2, { status: 'cancelled' }), 'ada');
    expect(next.get('!summary')).toMatchObject({ orders: 2, totalSpent: 5999, ordersByStatus: { cancelled: 2 } });
  });

  it('leaves a document unchanged by an event older than the document', () => {
    const [placed] = events;
    const current = fold(search.current, events);
    expect(onlyDocument(fold(search.next, placed === undefined ? [] : [placed], current))).toBe(onlyDocument(current));
  });

  it('updates only the replayed entry of an order page', () => {
    const current = fold(pages.current, events);
    const half = fold(pages.next, events.slice(0, 1), current);
    expect(pagesOf(half)).toMatchObject([{ version: 2, customerName: 'Ada Lovelace' }]);
    expect(historyOf(half, 'order-1').map(({ userId }) => userId)).toEqual(['user ada', 'ada']);
  });

  it('updates a summary from the event that its customer name comes from', () => {
    const registered = customerRegistered({ aggregateId: 'ada' });
    const current = fold(customers.current, [registered]);
    expect(onlyDocument(fold(customers.next, [registered], current))).toMatchObject({
      projectionVersion: customers.next.version,
      customerVersion: 1,
      version: 1,
    });
  });

  it('with an unchanged projection version changes nothing', () => {
    expectUnchanged(pages.current);
    expectUnchanged(search.current);
    expectUnchanged(customers.current);
    expectUnchanged(sales.current);
    expectUnchanged(live.current);
    expectUnchanged(products.current);
  });
});

function expectUnchanged<Document>(projection: Projection<Document>): void {
  const model = fold(projection, events);
  expect(documentsOf(fold(projection, events, model)).every((document) => documentsOf(model).includes(document))).toBe(
    true,
  );
}
