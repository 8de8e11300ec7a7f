import { z } from 'zod';
import type { AuthenticatedCall } from '../../shared/http/authenticated-operation.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { OrderDetails } from '../../shared/read-models/order-details.ts';
import type { QueriesApp } from '../app.ts';
import { preferredWaitMs } from '../reading/prefer-wait.ts';
import { type ReadModelDocument, waitUntil } from '../reading/read-document.ts';
import { orderNotFound, orderReader } from './order-reader.ts';

/** Longest wait (s) for a version. */
const MAX_WAIT_SECONDS = 5;

/** `?minVersion=N`: the client's own write. */
export const minVersion = z.coerce
  .number('must be a whole number')
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .optional()
  .describe('The version that a command has answered: the order is waited for until the read model has it.');

/**
 * The order as its caller may see it, in this version or a later one: one point read, repeated only while a client waits for its
 * own write. Throws Problem `order-not-found`, `read-model-behind` and `unavailable`.
 */
export async function readOrder(
  app: QueriesApp,
  { request, actor }: Pick<AuthenticatedCall, 'request' | 'actor'>,
  { orderId, atLeast }: { readonly orderId: string; readonly atLeast: number | undefined },
): Promise<OrderDetails & ReadModelDocument> {
  const waitMs = atLeast === undefined ? 0 : preferredWaitMs(request.headers.get('prefer'), MAX_WAIT_SECONDS);
  const hasArrived = (order: OrderDetails | undefined) => (order?.version ?? 0) >= (atLeast ?? 0);
  const order = await waitUntil(orderReader(app, orderId, actor), hasArrived, waitMs);
  if (atLeast !== undefined && (order?.version ?? 0) < atLeast) throw behind(orderId, atLeast);
  if (order === undefined) throw orderNotFound(orderId);
  return order;
}

function behind(orderId: string, version: number): Problem {
  const detail = `Version ${version} of order ${orderId} has not arrived in the read model yet: try again.`;
  return new Problem('read-model-behind', detail, { retryAfter: 1 });
}
