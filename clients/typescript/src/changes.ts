import type { components } from './generated/schema.ts';
import type { Call } from './operations.ts';
import { resuming } from './resuming.ts';

/** The longest wait of the API. */
export const MAX_WAIT_SECONDS = 30;

/** A change of an order. The warehouse gets only what concerns the shipment. */
export type Change = components['schemas']['OrderChange'] | components['schemas']['ShippingChange'];

export interface ChangesOptions {
  /** Yields only changes after this version. Default: 0, all changes. */
  readonly after?: number;
  /** Ends the iteration when it is aborted. */
  readonly signal?: AbortSignal;
}

export interface ReadChanges {
  readonly after: number;
  /** How long to wait for a change, at most MAX_WAIT_SECONDS. */
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
}

/** Reads the changes after a version: one page, or none if nothing changed while the request waited. */
export async function readChanges(
  get: Call<'get'>,
  orderId: string,
  { after, waitSeconds, signal }: ReadChanges,
): Promise<readonly Change[]> {
  const params = { path: { orderId }, query: { after }, header: { Prefer: `wait=${waitSeconds}` } };
  const { data } = await get('/orders/{orderId}/changes', { params, signal });
  return data?.changes ?? [];
}

/** Yields the changes of an order as they happen, by long polling. */
export async function* pollChanges(
  get: Call<'get'>,
  orderId: string,
  { after = 0, signal = new AbortController().signal }: ChangesOptions = {},
): AsyncGenerator<Change> {
  let seen = after;
  yield* resuming(signal, async function* (isWorking) {
    for (;;) {
      const changes = await readChanges(get, orderId, { after: seen, waitSeconds: MAX_WAIT_SECONDS, signal });
      isWorking();
      for (const change of changes) {
        seen = change.version;
        yield change;
      }
    }
  });
}
