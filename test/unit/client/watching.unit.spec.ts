import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOrdersClient } from '../../../clients/typescript/src/index.ts';
import { change, type FakePush, type FakeSocket, fakePush } from '../../support/client/fake-push.ts';
import { watchWithSample } from '../../support/client/push-sample.ts';

const API = 'https://orders.example/api';
const SUBSCRIBE = 'POST /api/orders/o1/subscriptions';
const PING_INTERVAL_MS = 20_000;
/** The pause before a client connects again, without its random part. */
const PAUSE_MS = 500;

interface Change {
  readonly version: number;
}
type Watch = (onChange: (change: Change) => void, stop: AbortSignal) => Promise<void>;

const orders = createOrdersClient({ baseUrl: API, token: 'secret', retry: { timeoutMs: 0 } });
const typedClient: Watch = async (onChange, signal) => {
  for await (const found of orders.watchOrder('o1', { signal })) onChange(found);
};
const sample: Watch = (onChange, stop) =>
  watchWithSample({ api: API, orderId: 'o1', token: async () => 'secret', onChange, stop });

let api: FakePush;
let stopping: AbortController;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  vi.spyOn(Math, 'random').mockReturnValue(0);
  api = fakePush();
  stopping = new AbortController();
});
afterEach(() => {
  stopping.abort();
  vi.restoreAllMocks(); // first, because a fake timer may be spied on
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The WebSocket number `index`, as soon as the client has opened it. */
async function socket(index: number): Promise<FakeSocket> {
  await expect.poll(() => api.sockets.length).toBe(index + 1);
  const [opened] = api.sockets.slice(index);
  if (opened === undefined) throw new Error('There is no such socket.');
  return opened;
}

/** Waits for the pause of the client, and ends it. */
async function endPause(): Promise<void> {
  await expect.poll(() => vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(PAUSE_MS);
}

const CLIENTS: readonly (readonly [name: string, watch: Watch])[] = [
  ['watchOrder', typedClient],
  ['the code of docs/push.md', sample],
];

it.each(CLIENTS)('%s reads the changes by long polling while no subscription can be had', async (_name, watch) => {
  const seen: number[] = [];
  api.refuseSubscriptions();
  void watch(({ version }) => seen.push(version), stopping.signal);
  api.happen();
  await expect.poll(() => seen).toEqual([1]);
  api.happen();
  await expect.poll(() => seen).toEqual([1, 2]);
  expect(api.sockets).toEqual([]);
});

describe.each(CLIENTS)('%s', (_name, watch) => {
  let seen: number[];
  let ended: Promise<void>;

  beforeEach(() => {
    seen = [];
    ended = watch(({ version }) => seen.push(version), stopping.signal);
  });

  it('keeps a connection that answers pings', async () => {
    const connection = await socket(0);
    connection.open();
    for (let pings = 1; pings <= 10; pings += 1) {
      vi.advanceTimersByTime(PING_INTERVAL_MS);
      expect(connection.sent).toEqual(Array(pings).fill('{"type":"ping"}'));
      connection.receive({ type: 'pong' });
    }
    connection.receive({ type: 'message', data: change(1) });
    await expect.poll(() => seen).toEqual([1]);
    expect([api.sockets.length, connection.isClosing]).toEqual([1, false]);
  });

  it('connects again when nothing arrives for a minute, and reads what it missed', async () => {
    const lost = await socket(0);
    lost.open();
    api.happen();
    await expect.poll(() => api.requests).toContain('GET /api/orders/o1/changes?after=0');
    for (let ticks = 0; ticks < 3; ticks += 1) vi.advanceTimersByTime(PING_INTERVAL_MS);
    expect([lost.sent.length, lost.isClosing]).toEqual([2, true]);
    await endPause();
    api.happen();
    (await socket(1)).open();
    await expect.poll(() => seen).toEqual([1, 2]);
  });

  it('reads the changes by long polling where WebSockets are refused', async () => {
    api.happen();
    (await socket(0)).drop();
    await expect.poll(() => seen).toEqual([1]);
    api.happen();
    await expect.poll(() => seen).toEqual([1, 2]);
    expect(api.requests.filter((request) => request === SUBSCRIBE)).toHaveLength(1);
  });

  it('reads the changes by long polling when its connection does not open in time', async () => {
    api.happen();
    const hanging = await socket(0);
    vi.advanceTimersByTime(PING_INTERVAL_MS);
    await expect.poll(() => seen).toEqual([1]);
    expect([hanging.sent, hanging.isClosing]).toEqual([[], true]);
  });

  it('ends as soon as it is stopped, without a network, too', async () => {
    const connection = await socket(0);
    connection.open();
    stopping.abort();
    await ended;
    expect([connection.isClosing, vi.getTimerCount()]).toEqual([true, 0]);
  });
});

describe('watchAllOrders', () => {
  it('subscribes less and less often while no connection opens, and as at first after one has', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const delays = vi.spyOn(globalThis, 'setTimeout');
    const pauses = () => delays.mock.calls.map(([, delay]) => delay);
    void orders.watchAllOrders({ signal: stopping.signal }).next();
    for (let index = 0; index < 6; index += 1) {
      (await socket(index)).drop();
      await expect.poll(() => pauses().length).toBe(index + 1);
      vi.advanceTimersByTime(pauses()[index] ?? 0);
    }
    const opened = await socket(6);
    opened.open();
    opened.drop();
    await expect.poll(pauses).toEqual([3_000, 5_500, 10_500, 20_500, 30_500, 30_500, 3_000]);
  });
});
