import type { OrdersClient } from 'cqrs-orders-client';
import { useEffect, useState } from 'react';
import { type Failure, isAborted, toFailure } from './commands.ts';

/** A change of an order as it was pushed to this page. */
export interface RecentChange {
  readonly key: string;
  readonly orderId: string;
  readonly version: number;
  readonly eventType: string;
  readonly status: string;
  /** Time (ms) from the event to its arrival in this page, as far as both clocks agree. */
  readonly delayMs: number;
  readonly timestamp: string;
}

const KEPT = 6;

/** The latest changes of all orders, pushed by Web PubSub; `count` grows with each. */
export function useRecentChanges(orders: OrdersClient) {
  const [changes, setChanges] = useState<readonly RecentChange[]>([]);
  const [count, setCount] = useState(0);
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    const abort = new AbortController();
    const watch = async () => {
      for await (const change of orders.watchAllOrders({ signal: abort.signal })) {
        const { orderId, version, eventType, status, timestamp } = change;
        const recent = { key: `${orderId}/${version}`, orderId, version, eventType, status, timestamp };
        const delayMs = Math.max(0, Date.now() - Date.parse(timestamp));
        setChanges((before) => [{ ...recent, delayMs }, ...before].slice(0, KEPT));
        setCount((before) => before + 1);
      }
    };
    watch().catch((error: unknown) => {
      if (!abort.signal.aborted && !isAborted(error)) setFailure(toFailure(error));
    });
    return () => abort.abort();
  }, [orders]);
  return { changes, count, failure };
}
