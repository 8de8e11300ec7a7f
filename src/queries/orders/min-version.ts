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

/** `?minVersion=N`: lets clients read their own writes. */
export const minVersion = z.coerce
  .number('must be a whole number')
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .optional()
  .describe('Waits until the read model has this version of the order. Pass the `version` from a command’s response.');

/**
 * Reads an order that the caller may see, in version `atLeast` or later: one point read, repeated only while a client waits for its
 * own write. Throws Problem `order-not-found`, `read-model-behind` and `unavailable`.
 */
export async function readOrder(
  app: QueriesApp,
  { request, actor }: Pick<AuthenticatedCall, 'request' | 'actor'>,
  { orderId, atLeast }: { readonly orderId: string; readonly atLeast: number | undefined },
): Promise<OrderDetails & ReadModelDocument> {
  const waitMs = atLeast === undefined ? 0 : preferredWaitMs(request.headers.get('prefer'), MAX_WAIT_SECONDS);
  const hasArrived = (order: OrderDetails | undefined) => (order?.version ?? 0) >= (atLeast ?? 0);
  const order = await waitUntil(orderReader(app, orderId, actor), hasArrived, waitMs, app.runtime);
  if (atLeast !== undefined && (order?.version ?? 0) < atLeast) throw behind(orderId, atLeast);
  if (order === undefined) throw orderNotFound(orderId);
  return order;
}

function behind(orderId: string, version: number): Problem {
  const detail = `The read model does not have version ${version} of order ${orderId} yet: try again.`;
  return new Problem('read-model-behind', detail, { retryAfter: 1 });
}
