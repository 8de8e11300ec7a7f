import { setTimeout as delay } from 'node:timers/promises';
import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import type { QueriesApp } from '../app.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';
import { changeStream } from './change-stream.ts';
import { minVersion, readOrder } from './min-version.ts';
import { orderChange } from './order-changes.ts';
import { orderReader } from './order-reader.ts';

/** Time (ms) between two looks at the document: one point read each, about one request unit. */
const LOOK_EVERY_MS = 1_000;
/** Clients whose streams ended together, as when an instance stops, come back over this span of time (ms). */
const RETRY_MS = { least: 500, most: 3_000 };

const parameters = z.object({ minVersion });

const query: Query = {
  name: 'getOrderChanges',
  route: 'orders/{orderId}/changes',
  summary:
    'The changes of an order as they happen, as server-sent events: first its present state, or after `Last-Event-ID` every later change, in order and each once; one whose event is missing for 10 s is passed over. The stream ends after a time: connect again, as EventSource does by itself.',
  roles: ['customer', 'admin', 'warehouse'],
  parameters,
  headers: ['Last-Event-ID', 'Prefer'],
  answers: {
    200: {
      description:
        'A stream of events `order-changed`: `id` is the version, `data` is JSON as in the schema `OrderChange`.',
      mediaType: 'text/event-stream',
      eventSchema: orderChange,
    },
  },
  problems: ['order-not-found', 'read-model-behind'],
};

/** A point read before the stream begins, so that what is refused is a problem; then one a second while it is open. */
export function getOrderChanges(app: QueriesApp): HttpFunction {
  return httpQuery(app, query, async ({ request, context, actor }) => {
    const orderId = routeId(request, 'orderId');
    const lastSeen = lastEventId(request);
    const { minVersion: atLeast } = validate(parameters, queryParameters(request));
    const order = await readOrder(app, { request, actor }, { orderId, atLeast });
    const read = orderReader(app, orderId, actor);
    const { changesStreamMs, clientGone, stopping } = app;
    const end = AbortSignal.any([AbortSignal.timeout(changesStreamMs), stopping, clientGone(context.invocationId)]);
    const nextLook = () => delay(LOOK_EVERY_MS, true, { signal: end }).catch(() => false);
    const retryMs = Math.round(RETRY_MS.least + Math.random() * (RETRY_MS.most - RETRY_MS.least));
    return {
      status: 200,
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
      body: encoded(changeStream({ order, lastSeen, retryMs, nextLook, read, now: Date.now })),
    };
  });
}

/** A version as it came in an event's `id`; 0 asks for all that ever happened. */
const version = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a version, as it came in the id of an event')
  .transform(Number);

function lastEventId({ headers }: HttpRequest): number | undefined {
  const value = headers.get('last-event-id');
  return value === null ? undefined : validate(version, value, 'Last-Event-ID');
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
}
