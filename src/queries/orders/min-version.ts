import { z } from 'zod';
import type { AuthenticatedCall } from '../../shared/http/authenticated-operation.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { OrderDetails } from '../../shared/read-models/order-details.ts';
import type { QueriesApp } from '../app.ts';
import { type ReadModelDocument, waitForVersion } from '../reading/read-document.ts';
import { orderNotFound, orderReader } from './order-reader.ts';

/** Longest time (s) that a query waits for a version, and how long it does without a `Prefer: wait` (RFC 7240, section 4.3). */
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
  const detail = `Version ${version} of order ${orderId} has not arrived in the read model yet: try again.`;
  return new Problem('read-model-behind', detail, { retryAfter: 1 });
}
