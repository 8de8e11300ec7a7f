import { EventHubProducerClient } from '@azure/event-hubs';
import { ORDER_EVENTS_HUB } from '../../src/shared/event-hubs/hub.ts';
import { openNaiveWriteStore } from './naive-write-store.ts';
import type { OrderBody } from './sample-orders.ts';

/** What simple tutorials do: insert the rows one by one, commit, then wait until the event is sent. No rules, no idempotency, no outbox. */
export interface NaiveWay {
  place(order: OrderBody): Promise<void>;
  close(): Promise<void>;
}

export interface NaiveWayOptions {
  /** SQLite file. */
  readonly file: string;
  /** Connection string of Event Hubs. */
  readonly hub: string;
  /** Duration of a round trip to the database in milliseconds. */
  readonly sqlMs: number;
  /** Maximum number of concurrent transactions. */
  readonly connections: number;
}

/** The naive way takes the price from the client. */
const PRICE = 29.99;

/** Opens the naive way in this process, without HTTP. */
export function openNaiveWay({ file, hub, sqlMs, connections }: NaiveWayOptions): NaiveWay {
  const store = openNaiveWriteStore(file, sqlMs, connections);
  const producer = new EventHubProducerClient(hub, ORDER_EVENTS_HUB);
  return {
    place: async (order) => {
      await store.insert({ ...order, items: order.items.map((item) => ({ ...item, price: PRICE })) });
      const event = { eventType: 'OrderPlaced', orderId: order.orderId, data: order };
      await producer.sendBatch([{ body: event }], { partitionKey: order.orderId });
    },
    close: async () => {
      await producer.close();
      store.close();
    },
  };
}
