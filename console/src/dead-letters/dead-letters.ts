import type { components, OrdersClient, paths } from 'cqrs-orders-client';
import type { Send } from '../api/use-action.ts';

export type DeadLetter = components['schemas']['DeadLetter'];
export type DeadLetterStatus = DeadLetter['status'];

/** The dead letters that the page shows, and how many wait in all read models. */
export interface FoundLetters {
  readonly letters: readonly DeadLetter[];
  readonly waiting: number;
  /** Whether there are more than these. */
  readonly hasMore: boolean;
}

const PAGE_SIZE = 100;
const MAX_PAGES = 5;

/** Reads the newest dead letters with a status, at most 500. */
export async function readLetters(
  orders: OrdersClient,
  status: DeadLetterStatus,
  signal: AbortSignal,
): Promise<FoundLetters> {
  const letters: DeadLetter[] = [];
  for (let page = 1, continuationToken: string | undefined; ; page++) {
    const query = { status, limit: PAGE_SIZE, ...(continuationToken !== undefined && { continuationToken }) };
    const { data } = await orders.GET('/admin/dead-letters', { params: { query }, signal });
    letters.push(...data.items);
    continuationToken = data.continuationToken;
    const hasMore = continuationToken !== undefined;
    if (!hasMore || page === MAX_PAGES) return { letters, waiting: data.waiting, hasMore };
  }
}

/** What is redriven: all that match. */
export type RedriveFilter = NonNullable<
  paths['/admin/dead-letters/redrive']['post']['requestBody']
>['content']['application/json'];

/** Redrives all that match. Sends the request again while there are more, as long as a call redrives any of them. */
export function redriveMatching(
  orders: OrdersClient,
  body: RedriveFilter,
): Send<{ readonly redriven: number; readonly waiting: number }> {
  return async (headers) => {
    for (let redriven = 0; ; ) {
      const { data, response } = await orders.POST('/admin/dead-letters/redrive', { body, headers });
      redriven += data.redriven;
      if (!data.more || data.redriven === 0) return { data: { redriven, waiting: data.waiting }, response };
    }
  };
}

export function redriveOne(orders: OrdersClient, deadLetterId: string): Send<DeadLetter> {
  const params = { path: { deadLetterId } };
  return (headers) => orders.POST('/admin/dead-letters/{deadLetterId}/redrive', { params, headers });
}

export function discardOne(orders: OrdersClient, deadLetterId: string, reason: string): Send<DeadLetter> {
  const params = { path: { deadLetterId } };
  return (headers) => orders.POST('/admin/dead-letters/{deadLetterId}/discard', { params, body: { reason }, headers });
}
