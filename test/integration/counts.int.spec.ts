import { beforeAll, describe, expect, it } from 'vitest';
import { countCommand, countRoundTrips } from '../../bench/command-counts.ts';
import { openMemoryStore } from '../../bench/memory-store.ts';
import { costsOfLife, countProjections, type ProjectionCounts } from '../../bench/projection-counts.ts';
import { openReadSide, orderEvents } from '../../bench/read-side.ts';
import { countReplay, type ReplayCounts } from '../../bench/replay-counts.ts';
import { openShop } from '../../bench/shop.ts';
import { countWait } from '../../bench/wait-counts.ts';
import { REPLAY_COSTS } from '../../src/sync/replay/estimate.ts';
import { customerChanged } from '../support/events/events.ts';

/** The costs that the benchmark counts and the documentation states. The cost of a GET is tested with each query. */

const measured = new Map<string, Promise<readonly ProjectionCounts[]>>();

/** The costs of a batch, which are measured once for all tests. */
function projectionCounts(batchSize: number, maxRemembered?: number): Promise<readonly ProjectionCounts[]> {
  const key = `${batchSize} ${maxRemembered}`;
  const counts = measured.get(key) ?? countProjections(batchSize, maxRemembered === undefined ? {} : { maxRemembered });
  measured.set(key, counts);
  return counts;
}

describe('a command', () => {
  it.each([1, 5, 25, 500])('on an order of %i lines takes two round trips to SQL', async (lines) => {
    const { placeRoundTrips, confirmRoundTrips } = await countCommand(lines);
    expect([placeRoundTrips, confirmRoundTrips]).toEqual([2, 2]);
  });

  it('that creates a draft, which counts the open drafts, takes two round trips to SQL', async () => {
    const store = await openMemoryStore();
    const counted = countRoundTrips(store);
    const shop = await openShop(counted.store, 'counted');
    const { on, data } = await shop.newOrder(1);
    const { roundTrips } = await counted.during(() => shop.send({ type: 'CreateOrder', on, data }));
    await store.close();
    expect(roundTrips).toBe(2);
  });

  it('that is rejected or repeated takes one round trip to SQL', async () => {
    const store = await openMemoryStore();
    const counted = countRoundTrips(store);
    const shop = await openShop(counted.store, 'counted');
    const order = { ...(await shop.newOrder(1)), commandId: 'command-1' };
    await shop.send(order);
    const again = await counted.during(() => shop.send(order).catch(() => 'has published nothing'));
    const rejected = await counted.during(() =>
      shop.send({ type: 'DeliverOrder', on: order.on }).catch(() => 'rejected'),
    );
    await store.close();
    expect([again, rejected]).toEqual([
      { result: 'has published nothing', roundTrips: 1 },
      { result: 'rejected', roundTrips: 1 },
    ]);
  });

  /** https://learn.microsoft.com/azure/event-hubs/event-hubs-quotas: Basic has the smallest limit of all tiers. */
  it('with the maximum number of lines produces an event that every tier of Event Hubs accepts', async () => {
    const { placedBytes } = await countCommand(500);
    expect(placedBytes).toBeLessThan(256 * 1024);
  });
});

describe('a batch of events', () => {
  it.each([1, 10, 100])('of %i new orders costs a write, and a read of customers who have changed', async (size) => {
    const counts = await requestsByReadModel(size, 'placed');
    expect([counts.order_details, counts.order_search]).toEqual([2, 2]);
    expect((await requestsByReadModel(size, 'confirmed')).shipping_board).toBe(2);
  });

  it.each([1, 10])(
    'of %i known orders costs a write, and a read if the process does not remember them',
    async (size) => {
      const [remembered, forgotten] = [
        await requestsByReadModel(size, 'delivered'),
        await requestsByReadModel(size, 'delivered', 0),
      ];
      const ofOrders = ['order_details', 'customer_orders', 'order_search', 'shipping_board'] as const;
      expect(ofOrders.map((readModel) => remembered[readModel])).toEqual([1, 1, 1, 1]);
      expect(ofOrders.map((readModel) => forgotten[readModel])).toEqual([2, 2, 2, 2]);
    },
  );

  it('writes the summary of a customer alone when the customer has no earlier order', async () => {
    const counts = await projectionCounts(10);
    const ofCustomers = counts.filter(({ readModel }) => readModel === 'customer_orders');
    expect(ofCustomers.map(({ operations }) => operations)).toEqual([10, 10, 10, 10]);
  });

  it('costs one transaction per product when orders are placed, however many orders share the product', async () => {
    const costs = [await requestsByReadModel(1, 'placed'), await requestsByReadModel(10, 'placed')];
    expect(costs.map(({ catalogue }) => catalogue)).toEqual([1 + 5, 1 + 5]);
  });

  it.each(['catalogue', 'sales_live', 'sales_daily'])(
    'costs nothing in %s when it confirms orders',
    async (readModel) => {
      const { projections, requests, close } = await openReadSide();
      const { confirmed } = await orderEvents(10, 'confirmed');
      requests.reset();
      await projections.get(readModel)?.(confirmed);
      expect(requests.count()).toBe(0);
      await close();
    },
  );

  it('costs one transaction per part of a day when the day’s total changes with the order', async () => {
    // The customers are spread over all 8 parts of the day, whose totals are read.
    expect((await requestsByReadModel(100, 'placed')).sales_daily).toBe(1 + 8);
  });
});

describe('the life of an order of five lines: placed, confirmed, shipped and delivered', () => {
  /** At most so many request units per read model. */
  const MOST = {
    order_details: 25,
    customer_orders: 22,
    order_search: 26,
    shipping_board: 16.5,
    sales_daily: 11,
    sales_live: 11,
    catalogue: 56,
  };
  const READ_MODELS = ['order_details', 'customer_orders', 'order_search', 'shipping_board', 'sales_daily'] as const;
  let costs: ReadonlyMap<string, number>;
  beforeAll(async () => {
    costs = costsOfLife(await projectionCounts(1));
  });

  it.each(Object.entries(MOST))('costs in %s at most %d RU, each event in a batch of its own', (readModel, most) => {
    expect(costs.get(readModel)).toBeLessThanOrEqual(most);
  });

  it('costs at most 100 RU in the five read models that follow every order', () => {
    expect(READ_MODELS.reduce((sum, readModel) => sum + (costs.get(readModel) ?? 0), 0)).toBeLessThanOrEqual(100);
  });

  it('costs at most 112 RU when each event is projected by another process, which remembers nothing', async () => {
    const forgotten = costsOfLife(await projectionCounts(1, 0));
    expect(READ_MODELS.reduce((sum, readModel) => sum + (forgotten.get(readModel) ?? 0), 0)).toBeLessThanOrEqual(112);
  });
});

describe('in containers with 16 physical partitions, a batch of events', () => {
  const PARTITIONS = 16;
  const costsOf = async (batchSize: number) => {
    const one = await projectionCounts(batchSize);
    const many = await countProjections(batchSize, { partitions: PARTITIONS });
    return one.map((cost, index) => ({ one: cost, many: many[index] ?? cost }));
  };

  it('of one order costs as many requests as with one physical partition, unless its documents have several keys', async () => {
    // The page of an order and the marker of its customer, and the products of an order.
    const withSeveralKeys = ['order_details', 'catalogue'];
    const costs = (await costsOf(1)).filter(({ one }) => !withSeveralKeys.includes(one.readModel));
    expect(costs.map(({ many }) => many.requests)).toEqual(costs.map(({ one }) => one.requests));
  });

  it('of ten orders takes the same reads and writes, in at most one request to each physical partition', async () => {
    for (const { one, many } of await costsOf(10)) {
      expect(many.operations).toBe(one.operations);
      expect(many.requestUnits).toBeCloseTo(one.requestUnits);
      expect(many.requests).toBeLessThanOrEqual(one.requests * PARTITIONS);
      expect(many.requests).toBeLessThanOrEqual(one.operations);
    }
  });

  it('that changes a customer finds the orders in one request, except for order pages, which ask each partition', async () => {
    const { projections, requests, close } = await openReadSide({ partitions: PARTITIONS });
    const { placed, confirmed } = await orderEvents(1, 'changed');
    const customerId = placed[0]?.aggregateType === 'Order' ? placed[0].order.customerId : '';
    const renamed = customerChanged({ aggregateId: customerId, version: 9 }, 'Ada Byron');
    const searches: Record<string, number> = {};
    for (const readModel of ['order_details', 'order_search', 'shipping_board']) {
      await projections.get(readModel)?.([...placed, ...confirmed]);
      requests.reset();
      await projections.get(readModel)?.([renamed]);
      searches[readModel] = requests.count({ operation: 'Query' });
    }
    await close();
    expect(searches).toEqual({ order_details: PARTITIONS, order_search: 1, shipping_board: 1 });
  });
});

describe('a batch of orders in sales_live', () => {
  const costOf = async (orders: number) => {
    const counts = await projectionCounts(orders);
    const found = counts.find((count) => count.readModel === 'sales_live' && count.event === 'placed');
    return [found?.requests ?? 0, (found?.requestUnits ?? 0) / orders] as const;
  };

  it('costs a read and a transaction, less than 13 RU, for a single order', async () => {
    const [requests, requestUnits] = await costOf(1);
    expect(requests).toBe(1 + 1);
    expect(requestUnits).toBeLessThan(13);
  });

  it('costs a transaction per part of an hour, less than 7 RU per order, for 100 orders', async () => {
    const [requests, requestUnits] = await costOf(100);
    // The orders are spread over all 4 parts of the hour, whose windows are read.
    expect(requests).toBe(1 + 4);
    expect(requestUnits).toBeLessThan(7);
  });
});

describe('a batch of 100 replayed events', () => {
  let counts: readonly ReplayCounts[];
  beforeAll(async () => {
    counts = await countReplay(100);
  });
  const requests = (of: 'upToDate' | 'rebuilt') =>
    Object.fromEntries(counts.map((count) => [count.readModel, count[of].requests]));

  it('costs only reads when the read model is up to date', () => {
    expect(requests('upToDate')).toEqual({
      // At most 100 documents per read: the page of each order, perhaps its entry, and its customer.
      order_details: 3,
      // The summaries first, then the orders that are documents of their own.
      customer_orders: 2,
      order_search: 2,
      shipping_board: 2,
      // The customers and the eight totals first, then the orders that have records of their own.
      sales_daily: 3,
      sales_live: 2,
      // An entry of each order for each of its five products, and the five products.
      catalogue: 6,
    });
  });

  it('costs about as many request units as the estimate of a replay says, up to date and rebuilt', () => {
    for (const { readModel, upToDate, rebuilt } of counts) {
      const estimated = REPLAY_COSTS[readModel] ?? { upToDate: 0, rebuilt: 0 };
      const ratios = [
        upToDate.requestUnitsPerEvent / estimated.upToDate,
        rebuilt.requestUnitsPerEvent / estimated.rebuilt,
      ];
      for (const ratio of ratios) expect(Math.abs(ratio - 1), readModel).toBeLessThan(0.2);
    }
  });

  it('costs the same reads and the writes when the projection has a new version', () => {
    expect(requests('rebuilt')).toEqual({
      order_details: 3 + 1,
      customer_orders: 2 + 1,
      order_search: 2 + 1,
      shipping_board: 2 + 1,
      sales_daily: 3 + 8,
      sales_live: 2 + 4,
      // The entries of a product and the product are in several transactions of at most 100 documents.
      catalogue: 6 + 10,
    });
  });
});

async function requestsByReadModel(
  batchSize: number,
  event: ProjectionCounts['event'],
  maxRemembered?: number,
): Promise<Readonly<Record<string, number>>> {
  const counts = (await projectionCounts(batchSize, maxRemembered)).filter((count) => count.event === event);
  return Object.fromEntries(counts.map(({ readModel, requests }) => [readModel, requests]));
}

describe('a wait for a version of an order', () => {
  it.each([
    ['minVersion, of 5 s', 5_000, 16],
    ['long polling, of 30 s', 30_000, 66],
  ])('(%s) costs a request of 1 RU per poll: %i ms are at most %i polls', async (_what, waitMs, polls) => {
    const { requests, requestUnits } = await countWait(waitMs);
    expect(requests).toBeLessThanOrEqual(polls);
    expect(requestUnits).toBe(requests);
  });
});
