import { ORDER_EVENTS_HUB, PUSH_CONSUMER_GROUP } from '../../shared/event-hubs/hub.ts';
import type { EventHubFunction } from '../../shared/functions/app-function.ts';
import { ORDER_DETAILS } from '../../shared/read-models/containers.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { pushedCount } from '../../shared/telemetry/metrics.ts';
import type { SyncApp } from '../app.ts';
import { runBulk } from '../projector/bulk.ts';
import { eventHubFunction } from '../projector/event-hub-function.ts';
import { decodeBatch } from '../projector/projector.ts';
import { pushChanges } from './push-changes.ts';

/** The Event Hub-triggered function that pushes the changes of orders to those who watch them. */
export function pushFunction(app: SyncApp): EventHubFunction {
  const { database, customerKeys, webPubSub, runtime } = app;
  const container = database.container(ORDER_DETAILS.name);
  const versionsOf = async (orderIds: readonly string[]) => {
    const ids = orderIds.map(documentId);
    const reads = ids.map((id) => ({ operationType: 'Read' as const, partitionKey: id, id }));
    const responses = await runBulk(container, reads, runtime);
    return new Map(orderIds.map((orderId, index) => [orderId, Number(responses[index]?.resourceBody?.version ?? 0)]));
  };
  return eventHubFunction(app, {
    name: 'pushOrderChanges',
    consumer: PUSH_CONSUMER_GROUP,
    eventHubName: ORDER_EVENTS_HUB,
    consumerGroup: PUSH_CONSUMER_GROUP,
    handle: async (received) => {
      // What cannot be decoded is a dead letter of the read models already.
      const { decoded } = await decodeBatch(received, PUSH_CONSUMER_GROUP, customerKeys);
      const events = decoded.flatMap(({ event }) => (event.aggregateType === 'Order' ? event : []));
      await pushChanges(events, { webPubSub, versionsOf, runtime });
      pushedCount.add(events.length, {});
    },
  });
}
