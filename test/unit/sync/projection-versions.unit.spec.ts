import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { ORDER_PAGE } from '../../../src/shared/read-models/order-details.ts';
import { searchWords } from '../../../src/shared/read-models/order-search.ts';
import { ORDER_COUNTING, projectCustomerOrders } from '../../../src/sync/projections/customer-orders.ts';
import { projectOrderDetails } from '../../../src/sync/projections/order-details.ts';
import { documentPerOrder } from '../../../src/sync/projections/order-projection.ts';
import { orderSearch } from '../../../src/sync/projections/order-search.ts';
import type { Projection } from '../../../src/sync/projections/projection.ts';
import { projectSalesDaily, SALES_COUNTING } from '../../../src/sync/projections/sales-daily.ts';
import { shippingBoard } from '../../../src/sync/projections/shipping-board.ts';
import { customerRegistered } from '../../support/events/events.ts';
import { disorderOf, interleavingOf, orderEvent, orderLives } from '../../support/events/order-lives.ts';
import { documentsOf, fold, onlyDocument, type ReadModel } from '../../support/projections/projections.ts';

/** Each read model as it is, and in a version after it whose documents and sums are different. */

const pages = {
  today: projectOrderDetails(ORDER_PAGE),
  next: projectOrderDetails({
    ...ORDER_PAGE,
    version: 2,
    orderOf: (event) => ({ ...ORDER_PAGE.orderOf(event), customerName: event.order.customerName.toUpperCase() }),
    entryOf: (event) => ({ ...ORDER_PAGE.entryOf(event), userId: `user ${event.metadata.userId}` }),
  }),
};

const search = {
  today: orderSearch,
  next: documentPerOrder({
    ...orderSearch,
    version: 2,
    documentOf: (event) => {
      const document = orderSearch.documentOf(event);
      return document && { ...document, words: [...document.words, ...searchWords(event.order.status)] };
    },
  }),
};

const board = {
  today: shippingBoard,
  next: documentPerOrder({
    ...shippingBoard,
    version: 2,
    documentOf: (event) => {
      const document = shippingBoard.documentOf(event);
      return document && { ...document, itemCount: event.order.items.reduce((sum, { quantity }) => sum + quantity, 0) };
    },
  }),
};

const customers = {
  today: projectCustomerOrders(ORDER_COUNTING),
  next: projectCustomerOrders({
    version: 2,
    countedOf: ({ status, total }) => ({ orders: 2, totalSpent: total + 1, ordersByStatus: { [status]: 2 } }),
  }),
};

const sales = {
  today: projectSalesDaily(SALES_COUNTING),
  next: projectSalesDaily({
    version: 2,
    countedOf: ({ status, total }) => ({
      orders: 1,
      revenue: status === 'refunded' ? 0 : total,
      cancelled: status === 'cancelled' ? 1 : 0,
      refunded: status === 'refunded' ? 1 : 0,
    }),
  }),
};

const REGISTRATIONS = ['ada', 'grace', 'edsger'].map((aggregateId) => customerRegistered({ aggregateId }));

/** What has happened until a rebuild begins, what of it is in the read model, and what then comes: the replay and live events. */
const rebuilds = orderLives.chain((orders) => {
  const log = [...REGISTRATIONS, ...orders];
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

/** Runs a rebuild of the read model of today by the next version, with a look at it after each event. */
function rebuild<Document>(
  { today, next }: { readonly today: Projection<Document>; readonly next: Projection<Document> },
  look: (model: ReadModel<Document>, seen: readonly EventEnvelope[]) => void = () => {},
): void {
  fc.assert(
    fc.property(rebuilds, ({ log, seen, coming }) => {
      let model = fold(today, seen);
      for (const [index, event] of coming.entries()) {
        model = fold(next, [event], model);
        look(model, [...seen, ...coming.slice(0, index + 1)]);
      }
      expect(model).toEqual(fold(next, log));
    }),
  );
}

/** The newest version of an order among events, and all of its versions. */
const versionsOf = (seen: readonly EventEnvelope[], orderId: string) =>
  new Set(seen.filter(({ aggregateId }) => aggregateId === orderId).map(({ version }) => version));

describe('a replay by a newer version of the projection, among live events, duplicates and disorder', () => {
  it('brings order pages into the new form; each part has one of the two forms, and no version goes back', () => {
    rebuild(pages, (model, seen) => {
      for (const { orderId, version, history } of documentsOf(model)) {
        const versions = versionsOf(seen, orderId);
        expect(version).toBe(Math.max(...versions));
        expect(new Set(history.map((entry) => entry.version))).toEqual(versions);
      }
    });
  });

  it('brings search entries into the new form', () => {
    rebuild(search);
  });

  it('brings shipments into the new form', () => {
    rebuild(board);
  });

  it('brings customers’ sums into the new counting, and they are the sum of what is counted at every step', () => {
    rebuild(customers, (model) => {
      for (const partition of model.values()) {
        const documents = [...partition.values()];
        const counted = documents.flatMap((document) => (document.type === 'order' ? [document.counted] : []));
        const [summary] = documents.filter((document) => document.type === 'summary');
        expect([summary?.orders, summary?.totalSpent]).toEqual([
          counted.reduce((sum, { orders }) => sum + orders, 0),
          counted.reduce((sum, { totalSpent }) => sum + totalSpent, 0),
        ]);
      }
    });
  });

  it('brings days into the new counting, and they are the sum of what is counted at every step', () => {
    rebuild(sales, (model) => {
      for (const partition of model.values()) {
        const documents = [...partition.values()];
        const counted = documents.flatMap((document) => (document.type === 'order' ? [document.counted] : []));
        const [total] = documents.filter((document) => document.type === 'total');
        expect([total?.orders, total?.revenue, total?.cancelled, total?.refunded]).toEqual([
          counted.reduce((sum, { orders }) => sum + orders, 0),
          counted.reduce((sum, { revenue }) => sum + revenue, 0),
          counted.reduce((sum, { cancelled }) => sum + cancelled, 0),
          counted.reduce((sum, { refunded }) => sum + refunded, 0),
        ]);
      }
    });
  });
});

const events = [orderEvent('order-1', 1), orderEvent('order-1', 2, { status: 'cancelled' })];

describe('a rebuild', () => {
  it('given an order counted by the older version, then it is counted as the new one does, and not twice', () => {
    const today = fold(customers.today, events).get('ada') ?? new Map();
    expect(today.get('!summary')).toMatchObject({ orders: 1, totalSpent: 0, ordersByStatus: { cancelled: 1 } });
    const next = customers.next.apply(today, orderEvent('order-1', 2, { status: 'cancelled' }));
    expect(next.get('!summary')).toMatchObject({ orders: 2, totalSpent: 5999, ordersByStatus: { cancelled: 2 } });
  });

  it('given an older event than the document’s, then the document stays as it is', () => {
    const [placed] = events;
    const today = fold(search.today, events);
    expect(onlyDocument(fold(search.next, placed === undefined ? [] : [placed], today))).toBe(onlyDocument(today));
  });

  it('given a page of which one entry is replayed, then that entry alone has the new form', () => {
    const today = fold(pages.today, events);
    const half = onlyDocument(fold(pages.next, events.slice(0, 1), today));
    expect(half).toMatchObject({ version: 2, customerName: 'Ada Lovelace' });
    expect(half?.history.map(({ userId }) => userId)).toEqual(['user ada', 'ada']);
  });

  it('takes the customer’s name of a summary again from the event that it was taken from', () => {
    const registered = customerRegistered({ aggregateId: 'ada' });
    const today = fold(customers.today, [registered]);
    expect(onlyDocument(fold(customers.next, [registered], today))).toMatchObject({
      projectionVersion: 2,
      customerVersion: 1,
      version: 1,
    });
  });

  it('by the version that made the documents changes nothing', () => {
    expectUnchanged(pages.today);
    expectUnchanged(search.today);
    expectUnchanged(customers.today);
    expectUnchanged(sales.today);
  });
});

function expectUnchanged<Document>(projection: Projection<Document>): void {
  const model = fold(projection, events);
  expect(documentsOf(fold(projection, events, model)).every((document) => documentsOf(model).includes(document))).toBe(
    true,
  );
}
