import type { AuthenticatedCall } from '../../shared/http/authenticated-operation.ts';
import { Problem } from '../../shared/http/problem.ts';
import { inDigits, wholeNumber } from '../../shared/http/query-parameters.ts';
import type { QueriesApp } from '../app.ts';
import { preferredWaitMs } from '../reading/prefer-wait.ts';
import { type FoundOrder, type OrderReader, orderNotFound } from './order-reader.ts';
import { type Read, waitForVersion } from './wait-for-version.ts';

/** Longest wait (s) for a version. */
export const MAX_WAIT_SECONDS = 5;

/** `?minVersion=N`: lets clients read their own writes. */
export const minVersion = inDigits(wholeNumber.min(1, 'must be at least 1').optional()).describe(
  'Waits until the read model has this version of the order. Pass the `version` from a command’s response.',
);

interface ReadRequest {
  readonly orderId: string;
  readonly atLeast: number | undefined;
  readonly reader: OrderReader;
  /** How the order is read: with or without history. */
  readonly read: Read;
}

/**
 * Reads an order that the caller may see, in version `atLeast` or later: one read, plus a second one after a wait for that version.
 * Throws Problem `order-not-found`, `read-model-behind`, `throttled` and `unavailable`.
 */
export async function readOrder(
  { callerLimits, runtime }: Pick<QueriesApp, 'callerLimits' | 'runtime'>,
  { request, actor }: Pick<AuthenticatedCall, 'request' | 'actor'>,
  { orderId, atLeast, reader, read }: ReadRequest,
): Promise<FoundOrder> {
  const first = await read();
  if (atLeast === undefined) {
    if (first === undefined) throw orderNotFound(orderId);
    return first;
  }
  const isCurrent = (found: FoundOrder | undefined): found is FoundOrder => (found?.order.version ?? 0) >= atLeast;
  if (isCurrent(first)) return first;
  const waitMs = preferredWaitMs(request.headers.get('prefer'), MAX_WAIT_SECONDS);
  if (waitMs === 0) throw behind(orderId, atLeast, first);
  const later = await callerLimits.waiting(actor, () =>
    waitForVersion(runtime, reader, { version: atLeast, read, isDone: isCurrent, waitMs }),
  );
  if (isCurrent(later)) return later;
  throw behind(orderId, atLeast, later);
}

function behind(orderId: string, version: number, found: FoundOrder | undefined): Problem {
  const detail = `The read model does not have version ${version} of order ${orderId} yet: try again.`;
  return new Problem('read-model-behind', detail, { retryAfter: 1, facts: { version: found?.order.version ?? 0 } });
}
