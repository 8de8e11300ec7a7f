import type { LoadResult } from './load.ts';
import type { PlaceOrder } from './order.ts';

/** How many orders a peer has stored, and how many its read models show. */
export interface Counts {
  readonly stored: number;
  readonly projected: number;
}

/** CPU seconds that a peer has used since its start. */
export interface CpuTime {
  readonly all: number;
  /** The part of the stand-ins for Azure services, which an application does not run itself. */
  readonly standIns: number;
}

/** A peer that is ready for requests. */
export interface RunningPeer {
  /** Places the orders, `atOnce` of them at a time. */
  place(orders: readonly PlaceOrder[], atOnce: number): Promise<LoadResult>;
  /** Reads orders, `atOnce` of them at a time. Absent if the peer has no read model. */
  read?(orderIds: readonly string[], atOnce: number): Promise<LoadResult>;
  count(): Promise<Counts>;
  cpu(): CpuTime;
  stop(): Promise<void>;
}

/** A way to build the service. */
export interface Peer {
  readonly name: string;
  /** @param folder an empty folder for its data */
  start(folder: string): Promise<RunningPeer>;
}
