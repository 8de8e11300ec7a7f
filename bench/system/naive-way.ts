import { DatabaseSync } from 'node:sqlite';
import { EventHubProducerClient } from '@azure/event-hubs';
import { ORDER_EVENTS_HUB } from '../../src/shared/event-hubs/hub.ts';
import type { OrderBody } from './order-desk.ts';

/** The way of a simple tutorial: insert the rows one by one, commit, then wait until the event is sent. No rules, no idempotency, no outbox. */
export interface NaiveWay {
  place(order: OrderBody): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param file of its database
 * @param hub connection string of Event Hubs
 * @param roundTrip waits as long as a statement takes to a database in the cloud and back
 */
export function openNaiveWay(file: string, hub: string, roundTrip: () => Promise<unknown>): NaiveWay {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE Orders (OrderId TEXT PRIMARY KEY, CustomerId TEXT, Status TEXT, CreatedAt TEXT);
    CREATE TABLE OrderItems (OrderId TEXT, ProductId TEXT, Quantity INT, PRIMARY KEY (OrderId, ProductId));`);
  const insertOrder = database.prepare("INSERT INTO Orders VALUES (?, ?, 'pending', datetime())");
  const insertItem = database.prepare('INSERT INTO OrderItems VALUES (?, ?, ?)');
  const producer = new EventHubProducerClient(hub, ORDER_EVENTS_HUB);
  return {
    place: async (order) => {
      const { orderId, customerId, items } = order;
      // Each statement is a round trip, and so is the commit. The rows are written at the end, because a file has one transaction at a time.
      await roundTrip();
      for (const _ of items) await roundTrip();
      await roundTrip();
      database.exec('BEGIN');
      insertOrder.run(orderId, customerId);
      for (const { productId, quantity } of items) insertItem.run(orderId, productId, quantity);
      database.exec('COMMIT');
      await producer.sendBatch([{ body: { eventType: 'OrderPlaced', orderId, data: order } }], {
        partitionKey: orderId,
      });
    },
    close: async () => {
      await producer.close();
      database.close();
    },
  };
}
