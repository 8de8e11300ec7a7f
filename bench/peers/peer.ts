import type { LoadResult } from './load.ts';
import type { PlaceOrder } from './order.ts';

/** How many orders a peer has stored, and how many its read models show. */
export interface Counts {
  readonly stored: number;
  readonly projected: number;
}

/** CPU seconds that a peer has used so far. */
export interface CpuTime {
  readonly all: number;
  /** The part of the processes that stand in for Azure's services, which an application does not run itself. */
  readonly standIns: number;
}

/** A peer that is ready for requests. */
export interface RunningPeer {
  /** Places the orders, so many at once. */
  place(orders: readonly PlaceOrder[], atOnce: number): Promise<LoadResult>;
  /** Reads orders, so many at once. Absent if it has no read model. */
  read?(orderIds: readonly string[], atOnce: number): Promise<LoadResult>;
  count(): Promise<Counts>;
  cpu(): CpuTime;
  stop(): Promise<void>;
}

/** A way to build the service. */
export interface Peer {
  readonly name: string;
  /** @param folder a folder of its own for its data */
  start(folder: string): Promise<RunningPeer>;
}
