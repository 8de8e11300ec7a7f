import * as z from 'zod';
import { ORDER_EVENTS_HUB, PUSH_CONSUMER_GROUP } from '../../shared/event-hubs/hub.ts';
import type { OrderEventEnvelope } from '../../shared/events/envelope.ts';
import type { EventHubFunction } from '../../shared/functions/app-function.ts';
import { ORDER_DETAILS } from '../../shared/read-models/containers.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { historyId, isOnPage } from '../../shared/read-models/order-history.ts';
import { pushedCount } from '../../shared/telemetry/metrics.ts';
import type { SyncApp } from '../app.ts';
import type { DocumentKey } from '../projections/projection.ts';
import { runBulk } from '../projector/bulk.ts';
import { eventHubFunction } from '../projector/event-hub-function.ts';
import { decodeBatch } from '../projector/projector.ts';
import { type ConsumerSpans, traceEvents } from '../projector/trace-events.ts';
import { type PushDependencies, pushChanges } from './push-changes.ts';

/** The Event Hub-triggered function that pushes the changes of orders to those who watch them. */
export function pushFunction(app: SyncApp): EventHubFunction {
  const { database, customerKeys, webPubSub, runtime } = app;
  const container = database.container(ORDER_DETAILS.name);
  const read = (keys: readonly DocumentKey[]) =>
    runBulk(
      container,
      keys.map((key) => ({ operationType: 'Read' as const, ...key })),
      runtime,
    );
  const areProjected: PushDependencies['areProjected'] = async (events) => {
    const withDocument = events.filter((event) => !hasPageEntry(event));
    const entries = await read(withDocument.map(({ aggregateId, version }) => keyOf(aggregateId, historyId(version))));
    const missing = new Set(withDocument.filter((_, index) => entries[index]?.statusCode !== 200));
    const orderIds = [...new Set(events.filter((event) => !missing.has(event)).map(({ aggregateId }) => aggregateId))];
    const pages = await read(orderIds.map((orderId) => keyOf(orderId, documentId(orderId))));
    const found = new Map(
      orderIds.map((orderId, index) => [orderId, storedPage.parse(pages[index]?.resourceBody ?? {})]),
    );
    return events.map((event) => {
      const { version = 0, history = [] } = found.get(event.aggregateId) ?? {};
      return (
        version >= event.version && (!hasPageEntry(event) || history.some((entry) => entry.version === event.version))
      );
    });
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
      await traceEvents(decoded, SPANS, async () => {
        await pushChanges(events, { webPubSub, areProjected, runtime });
        return [];
      });
      pushedCount.add(events.length, {});
    },
  });
}

const hasPageEntry = ({ version, order }: OrderEventEnvelope): boolean => isOnPage(version, order.items.length);

/** What a page says about the versions that it has. */
const storedPage = z.object({
  version: z.number().optional(),
  history: z.array(z.object({ version: z.number() })).optional(),
});

const SPANS: ConsumerSpans = {
  operation: 'push',
  readModel: PUSH_CONSUMER_GROUP,
  hub: ORDER_EVENTS_HUB,
  concerns: ({ aggregateType }) => aggregateType === 'Order',
};

const keyOf = (orderId: string, id: string): DocumentKey => ({ partitionKey: documentId(orderId), id });
