import { useEffect, useState } from 'react';
import type { OrderStatus } from '../parts/status-badge.tsx';
import { useConsole } from '../session/session-context.tsx';
import type { PlacedOrder } from './placed-order.ts';

/** What a read found, and when (ms since the command was sent). */
export interface Seen {
  readonly text: string;
  readonly ms: number;
}

/** Follows an order that was just placed, in three ways: a read at once, a read of the own version, and pushed changes. */
export function usePlacedOrder({ orderId, customerId, version, sentAt }: PlacedOrder) {
  const { orders, plainReads } = useConsole();
  const [plain, setPlain] = useState<Seen>();
  const [own, setOwn] = useState<Seen>();
  const [pushed, setPushed] = useState<Seen>();
  const [statuses, setStatuses] = useState<readonly OrderStatus[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const since = () => performance.now() - sentAt;
    const ignore = () => undefined; // the other ways still show the order
    void plainReads
      .GET('/customers/{customerId}/orders', { params: { path: { customerId } }, signal })
      .then(({ data }) =>
        setPlain({ text: isIn(data.items, orderId) ? 'already in your list' : 'not in your list yet', ms: since() }),
      )
      .catch(ignore);
    const readOwn = async () => {
      const params = { path: { orderId }, query: { minVersion: version } };
      const { data } = await orders.GET('/orders/{orderId}', { params, signal });
      setOwn({ text: `version ${data.version} is there`, ms: since() });
    };
    const watch = async () => {
      await readOwn();
      for await (const change of orders.watchOrder(orderId, { signal })) {
        setPushed({
          text: `version ${change.version}, ${change.status}`,
          ms: change.version === 1 ? since() : Number.NaN,
        });
        setStatuses((before) => [...before, change.status]);
      }
    };
    watch().catch(ignore);
    return () => {
      abort.abort();
      setStatuses([]);
    };
  }, [orders, plainReads, orderId, customerId, version, sentAt]);
  return { plain, own, pushed, statuses };
}

const isIn = (items: readonly { readonly orderId: string }[], orderId: string): boolean =>
  items.some((item) => item.orderId === orderId);
