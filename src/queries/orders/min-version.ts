import { z } from 'zod';
import type { AuthenticatedCall } from '../../shared/http/authenticated-operation.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { OrderDetails } from '../../shared/read-models/order-details.ts';
import type { QueriesApp } from '../app.ts';
import { type ReadModelDocument, waitForVersion } from '../reading/read-document.ts';
import { orderNotFound, orderReader } from './order-reader.ts';

/** Maximum and default time (s) that a query waits for a version (`Prefer: wait`, RFC 7240, section 4.3). */
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
  const waitMs = atLeast === undefined ? 0 : waitSeconds(request.headers.get('prefer')) * 1000;
  const order = await waitForVersion(orderReader(app, orderId, actor), atLeast ?? 0, waitMs);
  if (atLeast !== undefined && (order?.version ?? 0) < atLeast) throw behind(orderId, atLeast);
  if (order === undefined) throw orderNotFound(orderId);
  return order;
}

function waitSeconds(prefer: string | null): number {
  const wanted = /(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])/i.exec(prefer ?? '')?.[1];
  return Math.min(Number(wanted ?? MAX_WAIT_SECONDS), MAX_WAIT_SECONDS);
}

function behind(orderId: string, version: number): Problem {
  const detail = `The read model does not have version ${version} of order ${orderId} yet: try again.`;
  return new Problem('read-model-behind', detail, { retryAfter: 1 });
}
