import { type Change, type ChangesOptions, MAX_WAIT_SECONDS, readChanges } from './changes.ts';
import { isProblem, isTransient } from './errors.ts';
import type { Call } from './operations.ts';
import { openPushes, type Push } from './pushes.ts';
import { resuming } from './resuming.ts';

/** How long (s) to wait until an order that was just placed can be read. */
const NEW_ORDER_SECONDS = 10;

/** The calls that watching needs. */
export interface WatchCalls {
  readonly GET: Call<'get'>;
  readonly POST: Call<'post'>;
}

/**
 * Yields the changes of an order as Azure Web PubSub pushes them: each change once, in version order. What came before the connection,
 * or while it was down, is read once it is open. Where no connection can be opened, long polling replaces it.
 */
export async function* watchOrder(
  { GET, POST }: WatchCalls,
  orderId: string,
  { after = 0, signal = new AbortController().signal }: ChangesOptions = {},
): AsyncGenerator<Change> {
  let seen = after;
  async function* unseen(changes: readonly Change[]): AsyncGenerator<Change> {
    for (const change of changes.filter(({ version }) => version > seen)) {
      seen = change.version;
      yield change;
    }
  }
  /** Reads until nothing is missing up to a version, or nothing more comes within the time. */
  async function* catchUp(version: number, waitSeconds: number): AsyncGenerator<Change> {
    do {
      const changes = await readChanges(GET, orderId, { after: seen, waitSeconds, signal });
      if (changes.length === 0) return;
      yield* unseen(changes);
    } while (seen < version);
  }
  function take(push: Push): AsyncGenerator<Change> {
    if (push === 'connected') return catchUp(Number.POSITIVE_INFINITY, 0);
    return push.version > seen + 1 ? catchUp(push.version, MAX_WAIT_SECONDS) : unseen([push]);
  }
  const subscribe = () => POST('/orders/{orderId}/subscriptions', { params: { path: { orderId } }, signal });
  /** The URL of a subscription; undefined when none can be had at the moment. */
  const subscriptionUrl = async (): Promise<string | undefined> => {
    try {
      const { data } = await subscribe().catch(async (error: unknown) => {
        if (!isProblem(error, 'order-not-found')) throw error;
        // The read model may not have a new order yet. The changes wait for it.
        await readChanges(GET, orderId, { after: seen, waitSeconds: NEW_ORDER_SECONDS, signal });
        return subscribe();
      });
      return data.url;
    } catch (error) {
      if (isTransient(error)) return undefined;
      throw error;
    }
  };
  yield* resuming(signal, async function* (isWorking) {
    const url = await subscriptionUrl();
    let hasConnected = false;
    for await (const push of url === undefined ? [] : openPushes(url, signal)) {
      hasConnected = true;
      isWorking();
      yield* take(push);
    }
    if (hasConnected) return;
    // Polls until nothing has changed for a while. Then another connection is tried.
    yield* catchUp(Number.POSITIVE_INFINITY, MAX_WAIT_SECONDS);
    isWorking();
  });
}

/** Yields the changes of all orders as they are pushed. Those that come while the connection is down are missed. */
export async function* watchAllOrders(
  { POST }: Pick<WatchCalls, 'POST'>,
  { signal = new AbortController().signal }: Pick<ChangesOptions, 'signal'> = {},
): AsyncGenerator<Change> {
  yield* resuming(signal, async function* (isWorking) {
    const { data } = await POST('/admin/subscriptions', { signal });
    for await (const push of openPushes(data.url, signal)) {
      isWorking();
      if (push !== 'connected') yield push;
    }
  });
}
