import { z } from 'zod';
import { ORDER_DETAILS } from '../../../src/shared/read-models/containers.ts';
import { documentId } from '../../../src/shared/read-models/document-id.ts';
import type { OrderChange } from '../../../src/shared/read-models/order-change.ts';
import type { WebPubSub } from '../../../src/shared/web-pubsub/open-web-pubsub.ts';
import type { Process } from '../kernel/process.ts';
import type { World } from '../kernel/world.ts';
import type { SimulatedHub } from './hub.ts';
import type { SimulatedReadDatabase } from './read-database.ts';

/** Kinds of faults of Web PubSub. */
export const PUSH_FAULTS = { 'push unavailable': 0.03 };

/** A change as a group got it. */
export interface PushedChange {
  readonly group: string;
  readonly orderId: string;
  readonly version: number;
  /** The order page did not have the change yet, although it was pushed before its wait was over. */
  readonly isEarly: boolean;
}

/** Time (ms) for which a change waits for the order page. */
const WAIT_MS = 10_000;

const head = z.object({ aggregateId: z.string(), version: z.number() });

/** What a Web PubSub hub needs in order to know whether a change was pushed too early. */
export interface PushWorld {
  readonly world: World;
  readonly hub: SimulatedHub;
  readonly documents: SimulatedReadDatabase;
}

/** A Web PubSub hub, which keeps what its groups got. */
export class SimulatedWebPubSub {
  readonly pushed: PushedChange[] = [];
  readonly #around: PushWorld;

  constructor(around: PushWorld) {
    this.#around = around;
  }

  /** The client of a process. It has the method that the sync app calls. */
  clientOf(process: Process): WebPubSub {
    const group = (name: string) => ({
      sendToAll: ({ orderId, version }: OrderChange) =>
        process.call({
          step: 'push',
          effect: () => {
            this.pushed.push({ group: name, orderId, version, isEarly: this.#isEarly(orderId, version) });
          },
          refusals: { 'push unavailable': () => new Error('Web PubSub is unavailable.') },
          lost: () => new Error('Web PubSub has not answered.'),
        }),
    });
    return Object.assign(Object.create(null), { group });
  }

  /** A page that was deleted since the change was found in it does not count. */
  #isEarly(orderId: string, version: number): boolean {
    const { world, hub, documents } = this.#around;
    if (documents.cleared.has(ORDER_DETAILS.name)) return false;
    const id = documentId(orderId);
    const page = documents
      .documents(ORDER_DETAILS.name)
      .partition(JSON.stringify([id]))
      .get(id);
    if (Number(page?.value.version ?? 0) >= version) return false;
    const isOfChange = ({ body }: { readonly body: Buffer }) => {
      const text = body.toString();
      if (!text.includes(orderId)) return false;
      const event = head.parse(JSON.parse(text));
      return event.aggregateId === orderId && event.version === version;
    };
    const received = Math.min(...hub.events.filter(isOfChange).map(({ enqueuedAt }) => enqueuedAt.getTime()));
    return world.time < received + WAIT_MS;
  }
}
