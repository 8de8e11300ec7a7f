import type { OrdersClient } from 'cqrs-orders-client';
import { useEffect, useState } from 'react';
import { type Failure, isAborted, toFailure } from './commands.ts';
import { type RecentChanges, withChange } from './recent-changes.ts';

const NONE: RecentChanges = { changes: [], count: 0 };

/** The latest changes of all orders, pushed by Web PubSub; `count` grows with each. */
export function useRecentChanges(orders: OrdersClient) {
  const [recent, setRecent] = useState(NONE);
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    const abort = new AbortController();
    const watch = async () => {
      for await (const change of orders.watchAllOrders({ signal: abort.signal })) {
        const { orderId, version, eventType, status, timestamp } = change;
        const key = `${orderId}/${version}`;
        const delayMs = Math.max(0, Date.now() - Date.parse(timestamp));
        const pushed = { key, orderId, version, eventType, status, timestamp, delayMs };
        setRecent((before) => withChange(before, pushed));
      }
    };
    watch().catch((error: unknown) => {
      if (!abort.signal.aborted && !isAborted(error)) setFailure(toFailure(error));
    });
    return () => abort.abort();
  }, [orders]);
  return { ...recent, failure };
}
