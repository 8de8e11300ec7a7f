import { useEffect, useState } from 'react';
import { toFailure } from '../api/commands.ts';
import type { OrderStatus } from '../parts/status-badge.tsx';
import { useConsole } from '../session/session-context.tsx';
import type { PlacedOrder } from './placed-order.ts';

/** What a read found, or why it failed. */
export interface Seen {
  readonly text: string;
  /** Milliseconds since the command was sent; `live`: a change after it. Undefined after a failure. */
  readonly ms?: number | 'live';
}

/**
 * Follows an order that was just placed, in three ways: a read at once, a read of the own version, and then changes as they happen.
 * @param onSeen called whenever the read model of orders has a new version
 */
export function usePlacedOrder({ orderId, customerId, version, sentAt }: PlacedOrder, onSeen: () => void) {
  const { orders, plainReads } = useConsole();
  const [plain, setPlain] = useState<Seen>();
  const [own, setOwn] = useState<Seen>();
  const [watched, setWatched] = useState<Seen>();
  const [statuses, setStatuses] = useState<readonly OrderStatus[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const since = () => performance.now() - sentAt;
    const readPlain = async () => {
      const params = { path: { customerId } };
      const { data } = await plainReads.GET('/customers/{customerId}/orders', { params, signal });
      const isListed = data.items.some((item) => item.orderId === orderId);
      setPlain({ text: isListed ? 'already in your list' : 'not in your list yet', ms: since() });
    };
    const readOwn = async () => {
      const params = { path: { orderId }, query: { minVersion: version } };
      const { data } = await orders.GET('/orders/{orderId}', { params, signal });
      setOwn({ text: `version ${data.version} is there`, ms: since() });
      onSeen();
    };
    const watch = async () => {
      for await (const change of orders.watchOrder(orderId, { signal })) {
        const text = `version ${change.version}, ${change.status}`;
        // The placing itself is older than the connection, so it is always read.
        setWatched(
          change.version > version ? { text, ms: 'live' } : { text: `${text}: read at the start`, ms: since() },
        );
        setStatuses((before) => [...before, change.status]);
        onSeen();
      }
    };
    const show = (reading: Promise<void>, setSeen: (seen: Seen) => void) => {
      reading.catch((error: unknown) => {
        if (!signal.aborted) setSeen({ text: toFailure(error).title });
      });
    };
    show(readPlain(), setPlain);
    const own = readOwn();
    show(own, setOwn);
    // Once it has ended, and even if it has failed: a subscription to an order that the read model does not have yet is refused.
    show(own.catch(() => undefined).then(watch), setWatched);
    return () => {
      abort.abort();
      setStatuses([]);
    };
  }, [orders, plainReads, orderId, customerId, version, sentAt, onSeen]);
  return { plain, own, watched, statuses };
}
