import type { OrderChange } from '../../../src/shared/read-models/order-change.ts';
import type { WebPubSub } from '../../../src/shared/web-pubsub/open-web-pubsub.ts';
import type { Process } from '../kernel/process.ts';

/** Kinds of faults of Web PubSub. */
export const PUSH_FAULTS = { 'push unavailable': 0.03 };

/** A change as a group got it. */
export interface PushedChange {
  readonly group: string;
  readonly orderId: string;
  readonly version: number;
}

/** A Web PubSub hub, which keeps what its groups got. */
export class SimulatedWebPubSub {
  readonly pushed: PushedChange[] = [];

  /** The client of a process. It has the method that the sync app calls. */
  clientOf(process: Process): WebPubSub {
    const group = (name: string) => ({
      sendToAll: ({ orderId, version }: OrderChange) =>
        process.call({
          step: 'push',
          effect: () => void this.pushed.push({ group: name, orderId, version }),
          refusals: { 'push unavailable': () => new Error('Web PubSub is unavailable.') },
          lost: () => new Error('Web PubSub has not answered.'),
        }),
    });
    return Object.assign(Object.create(null), { group });
  }
}
