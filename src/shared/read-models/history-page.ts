import * as z from 'zod';
import type { HistoryEntry } from './order-history.ts';

/** Maximum history entries in one response. */
export const MAX_HISTORY_ENTRIES = 500;

const INVALID_TOKEN = 'must be the historyContinuationToken of an earlier response for this order';

/** `?historyContinuationToken=…`: the version after which the page of the history starts. Opaque to clients. */
export const historyContinuationToken = z
  .base64url(INVALID_TOKEN)
  .max(20, INVALID_TOKEN)
  .transform((token) => Buffer.from(token, 'base64url').toString())
  .pipe(z.string().regex(/^\d{1,9}$/, INVALID_TOKEN))
  .transform(Number)
  .optional()
  .meta({
    description: `Returns the next page of the history, which has at most ${MAX_HISTORY_ENTRIES} entries. Requires \`include=history\`.`,
  });

/** True unless the parameters have a token without requesting the history. For `refine`, with `TOKEN_WITHOUT_HISTORY`. */
export function asksForHistory(parameters: {
  readonly include: ReadonlySet<string>;
  readonly historyContinuationToken?: number | undefined;
}): boolean {
  return parameters.historyContinuationToken === undefined || parameters.include.has('history');
}
export const TOKEN_WITHOUT_HISTORY = { path: ['historyContinuationToken'], error: 'requires include=history' };

/** The parts of a history entry that responses show. */
export type ShownEntry = Pick<HistoryEntry, 'version' | 'eventType' | 'timestamp' | 'userId' | 'data'>;

/** A page of an order's history. */
export interface HistoryPage<Entry extends ShownEntry = ShownEntry> {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** Undefined on the last page. */
  readonly continuationToken: string | undefined;
}

/** The first page of the entries, which are sorted by version. There is another page when there are more entries, or `hasMore`. */
export function toHistoryPage<Entry extends ShownEntry>(
  entries: readonly Entry[],
  hasMore = entries.length > MAX_HISTORY_ENTRIES,
): HistoryPage<Entry> {
  const shown = entries.slice(0, MAX_HISTORY_ENTRIES);
  const last = shown.at(-1);
  return { entries: shown, continuationToken: hasMore && last !== undefined ? toToken(last.version) : undefined };
}

const toToken = (version: number): string => Buffer.from(String(version)).toString('base64url');
