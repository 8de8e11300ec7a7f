import type { HandleDependencies } from '../src/commands/pipeline/handle-command.ts';
import { openMemoryStore } from './memory-store.ts';
import { openShop } from './shop.ts';

/** The write-side cost of an order. */
export interface CommandCounts {
  readonly lines: number;
  /** Round trips to SQL for placing and for confirming an order. */
  readonly placeRoundTrips: number;
  readonly confirmRoundTrips: number;
  /** Size of the OrderPlaced event in bytes, as stored and sent. */
  readonly placedBytes: number;
  /** Size of the OrderConfirmed event in bytes. It also carries the whole order. */
  readonly confirmedBytes: number;
}

/** Measures the write-side cost of one order with this many lines. */
export async function countCommand(lines: number): Promise<CommandCounts> {
  const store = await openMemoryStore();
  const counted = countRoundTrips(store);
  const shop = await openShop(counted.store, 'counted');
  const order = await shop.newOrder(lines);
  const placed = await counted.during(() => shop.send(order));
  const confirmed = await counted.during(() => shop.send({ type: 'ConfirmOrder', on: order.on }));
  await store.close();
  return {
    lines,
    placeRoundTrips: placed.roundTrips,
    confirmRoundTrips: confirmed.roundTrips,
    placedBytes: Buffer.byteLength(placed.result.body),
    confirmedBytes: Buffer.byteLength(confirmed.result.body),
  };
}

type Store = HandleDependencies['store'];

/** Wraps a store to count its calls. On Azure SQL each call is one stored procedure and one round trip. */
export function countRoundTrips(store: Store) {
  let roundTrips = 0;
  const wrapped: Store = {
    load: (request) => {
      roundTrips++;
      return store.load(request);
    },
    commit: (commit) => {
      roundTrips++;
      return store.commit(commit);
    },
  };
  return {
    store: wrapped,
    during: async <Result>(work: () => Promise<Result>) => {
      const before = roundTrips;
      const result = await work();
      return { result, roundTrips: roundTrips - before };
    },
  };
}
