import type { OrdersClient } from 'cqrs-orders-client';
import type { EventFilter, EventPage } from './events.ts';

interface Reading {
  readonly limit: number;
  readonly continuationToken?: string | undefined;
  readonly signal: AbortSignal;
}

/** Reads a page of the log, newest first. It may be some seconds old: a replica may answer. */
export async function readEvents(
  orders: OrdersClient,
  { aggregateId, eventType, correlationId }: EventFilter,
  { limit, continuationToken, signal }: Reading,
): Promise<EventPage> {
  const query = {
    limit,
    ...(aggregateId !== '' && { aggregateId }),
    ...(eventType !== '' && { eventType }),
    ...(correlationId !== '' && { correlationId }),
    ...(continuationToken !== undefined && { continuationToken }),
  };
  const headers = { 'cache-control': 'max-age=5' };
  return (await orders.GET('/admin/events', { params: { query }, headers, signal })).data;
}
