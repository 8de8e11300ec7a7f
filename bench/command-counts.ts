import type { HandleDependencies } from '../src/commands/pipeline/handle-command.ts';
import { openMemoryStore } from './memory-store.ts';
import { openShop } from './shop.ts';

export interface CommandCounts {
  readonly lines: number;
  /** Round trips to SQL for placing an order, and for confirming it. */
  readonly placeRoundTrips: number;
  readonly confirmRoundTrips: number;
  /** Bytes of the OrderPlaced event as it is stored and sent. */
  readonly placedBytes: number;
  /** Bytes of the OrderConfirmed event, which carries the whole order, too. */
  readonly confirmedBytes: number;
}

/** Counts what one order of so many lines costs on the write side. */
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

/** A store that counts its calls: on Azure SQL each is one stored procedure, so one round trip. */
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
