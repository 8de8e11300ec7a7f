import { describe, expect, it } from 'vitest';
import { changeStream } from '../../../src/queries/orders/change-stream.ts';
import { MISSING_VERSION_WAIT_MS, orderChange, type StoredOrder } from '../../../src/queries/orders/order-changes.ts';
import type { OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import type { OrderDetails } from '../../../src/shared/read-models/order-details.ts';
import { applyOrderEvent, ORDER_PAGE } from '../../../src/shared/read-models/order-details.ts';
import { orderPlaced } from '../../support/events/events.ts';

const placed = orderPlaced({ version: 1 });
const confirmed = (version: number): OrderEventEnvelope => ({
  ...orderPlaced({ version }),
  eventType: 'OrderConfirmed',
  schemaVersion: 1,
  data: { confirmedAt: '2026-01-16T08:00:00.000Z' },
  order: { ...placed.order, status: 'confirmed', total: version * 100 },
});
const moved = (version: number): OrderEventEnvelope => ({
  ...confirmed(version),
  eventType: 'ShippingAddressChanged',
  data: { shippingAddress: { street: '1 High St', city: 'Bath', state: 'SOM', zip: 'BA1' } },
});
const cancelled = (version: number): OrderEventEnvelope => ({
  ...confirmed(version),
  eventType: 'OrderCancelled',
  data: { reason: 'changed my mind' },
  order: { ...placed.order, status: 'cancelled' },
});

/** The document once these events have arrived, in this order. */
function documentOf(...events: readonly OrderEventEnvelope[]): OrderDetails {
  const [first = placed, ...rest] = events;
  const beginning = applyOrderEvent(undefined, first, ORDER_PAGE);
  return rest.reduce((document, event) => applyOrderEvent(document, event, ORDER_PAGE), beginning);
}

const gone = 'gone';
const fault = 'fault';
type Look = OrderDetails | typeof gone | typeof fault;

/** Time between two looks. */
const LOOK_MS = 1_000;
/** So many looks that a version which is missing in all of them was waited for long enough at the last one. */
const LOOKS_TO_PASS_OVER = MISSING_VERSION_WAIT_MS / LOOK_MS + 1;
const looksAt = (order: OrderDetails, count: number) => new Array<Look>(count).fill(order);

/** A clock, and orders as they are stored: each version projected when it is first stored here. */
function storage() {
  let now = Date.parse('2026-01-20T12:00:00.000Z');
  const projectedAt = new Map<number, string>();
  return {
    now: () => now,
    tick: () => {
      now += LOOK_MS;
    },
    store: (order: OrderDetails): StoredOrder => {
      const at = projectedAt.get(order.version) ?? new Date(now).toISOString();
      projectedAt.set(order.version, at);
      return { ...order, projectedAt: at };
    },
  };
}

/** The pieces of a stream that sees the order like this, look after look. */
async function piecesOf(looks: readonly Look[], lastSeen?: number): Promise<readonly string[]> {
  const [order, ...later] = looks;
  if (typeof order !== 'object') throw new Error('A stream begins with an order.');
  const next = later[Symbol.iterator]();
  const { now, tick, store } = storage();
  let look: Look | undefined;
  const stream = changeStream({
    order: store(order),
    lastSeen,
    retryMs: 1_500,
    now,
    nextLook: async () => {
      tick();
      look = next.next().value;
      return look !== undefined;
    },
    read: async () => {
      if (look === fault) throw new Error('Cosmos DB is down');
      return typeof look === 'object' ? store(look) : undefined;
    },
  });
  const pieces: string[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

/** The changes that a client of the stream is told of. */
async function changesOf(looks: readonly Look[], lastSeen?: number) {
  const events = (await piecesOf(looks, lastSeen)).filter((piece) => piece.startsWith('id: '));
  return events.map((event) => {
    const [, id, data = ''] = /^id: (\d+)\nevent: order-changed\ndata: (.*)\n\n$/.exec(event) ?? [];
    const change = orderChange.parse(JSON.parse(data));
    expect(String(change.version)).toBe(id);
    return change;
  });
}

/** Version and status of each change, and the status of the order that comes with it. */
const outline = async (looks: readonly Look[], lastSeen?: number) =>
  (await changesOf(looks, lastSeen)).map(({ version, status, order }) => [version, status, order?.status]);

const two = documentOf(placed, confirmed(2));
const three = documentOf(placed, confirmed(2), moved(3));
const four = documentOf(placed, confirmed(2), moved(3), cancelled(4));

describe('a stream that begins anew', () => {
  it('given an order with a history, then its newest change alone, with the whole order', async () => {
    const [change, ...more] = await changesOf([two]);
    expect(more).toEqual([]);
    expect(change).toEqual({
      orderId: 'order-1',
      version: 2,
      eventType: 'OrderConfirmed',
      timestamp: '2026-01-15T10:30:00.000Z',
      userId: 'ada',
      status: 'confirmed',
      data: { confirmedAt: '2026-01-16T08:00:00.000Z' },
      order: expect.objectContaining({ orderId: 'order-1', version: 2, status: 'confirmed', total: 2 }),
    });
    expect(change?.order).not.toHaveProperty('history');
  });

  it('given changes one after the other, then each of them once', async () => {
    const looks = [two, two, three, three, four];
    expect(await outline(looks)).toEqual([
      [2, 'confirmed', 'confirmed'],
      [3, 'confirmed', 'confirmed'],
      [4, 'cancelled', 'cancelled'],
    ]);
  });

  it('given several changes between two looks, then all of them in order, the order with the newest', async () => {
    expect(await outline([two, four])).toEqual([
      [2, 'confirmed', 'confirmed'],
      [3, 'confirmed', undefined],
      [4, 'cancelled', 'cancelled'],
    ]);
  });

  it('given a newer event that arrived first, then it waits for the one that is missing', async () => {
    const looks = [documentOf(placed), documentOf(placed, moved(3)), three];
    expect(await outline(looks)).toEqual([
      [1, 'submitted', 'submitted'],
      [2, 'confirmed', undefined],
      [3, 'confirmed', 'confirmed'],
    ]);
  });

  it('given an event older than the beginning, then nothing, for the order had it in it', async () => {
    const looks = [documentOf(placed, moved(3)), three, four];
    expect((await outline(looks)).map(([version]) => version)).toEqual([3, 4]);
  });
});

describe('a stream that goes on after Last-Event-ID', () => {
  it.each([
    [0, [1, 2, 3, 4]],
    [2, [3, 4]],
    [4, []],
    [9, []],
  ])('given version %s was seen, then what came later', async (lastSeen, versions) => {
    expect((await outline([four], lastSeen)).map(([version]) => version)).toEqual(versions);
  });

  it('given a gap, then what comes before it, and the rest once it is filled', async () => {
    const looks = [documentOf(placed, confirmed(2), cancelled(4)), four];
    expect((await outline(looks, 1)).map(([version]) => version)).toEqual([2, 3, 4]);
  });

  it('given an older change whose predecessor has not arrived, then no status rather than a wrong one', async () => {
    const looks = [documentOf(placed, moved(3), cancelled(4))];
    expect(await outline(looks, 2)).toEqual([
      [3, undefined, undefined],
      [4, 'cancelled', 'cancelled'],
    ]);
  });
});

describe('a stream in which an event never comes', () => {
  const withoutThree = documentOf(placed, confirmed(2), confirmed(4), cancelled(5));
  const five = documentOf(placed, confirmed(2), moved(3), confirmed(4), cancelled(5));
  const passedOver = looksAt(withoutThree, LOOKS_TO_PASS_OVER);
  const versionsOf = async (looks: readonly Look[], lastSeen?: number) =>
    (await outline(looks, lastSeen)).map(([version]) => version);

  it('given the newest change is not old enough, then it still waits', async () => {
    expect(await versionsOf(passedOver.slice(1), 2)).toEqual([]);
  });

  it('given it is, then what there is after the gap, in order, the order with the newest', async () => {
    expect(await outline(passedOver, 2)).toEqual([
      [4, 'confirmed', undefined],
      [5, 'cancelled', 'cancelled'],
    ]);
  });

  it('given a stream that has sent what comes before the gap, then it goes on after it', async () => {
    expect(await versionsOf([documentOf(placed), ...passedOver])).toEqual([1, 2, 4, 5]);
  });

  it('given a newer change while it waits, then the time begins again, for the newest may have overtaken others', async () => {
    const six = documentOf(placed, confirmed(2), confirmed(4), cancelled(5), moved(6));
    const before = passedOver.slice(1);
    expect(await versionsOf([...before, ...looksAt(six, LOOKS_TO_PASS_OVER - 1)], 2)).toEqual([]);
    expect(await versionsOf([...before, ...looksAt(six, LOOKS_TO_PASS_OVER)], 2)).toEqual([4, 5, 6]);
  });

  it('given the event comes in time, then all of them in order', async () => {
    expect(await versionsOf([...passedOver.slice(1), five], 2)).toEqual([3, 4, 5]);
  });

  it('given the event comes after newer ones were sent, then it is not sent, and later changes are', async () => {
    const six = documentOf(placed, confirmed(2), moved(3), confirmed(4), cancelled(5), moved(6));
    expect(await versionsOf([...passedOver, five, six], 2)).toEqual([4, 5, 6]);
  });
});

describe('a stream in which reading fails', () => {
  it.each([fault, gone] as const)(
    'given a look that finds the order %s, then nothing wrong, and it goes on',
    async (look) => {
      expect((await outline([two, look, look, three])).map(([version]) => version)).toEqual([2, 3]);
    },
  );
});

describe('the pieces besides events', () => {
  it('begin with the time after which to connect again', async () => {
    expect((await piecesOf([two]))[0]).toBe('retry: 1500\n\n');
  });

  it('are a comment after every fifteenth look', async () => {
    const comments = (await piecesOf(new Array<Look>(45).fill(two))).filter((piece) => piece === ':\n\n');
    expect(comments).toHaveLength(3);
  });
});
