import { useCallback, useEffect, useRef, useState } from 'react';
import { isAborted } from '../api/commands.ts';
import { useLoaded } from '../api/use-loaded.ts';
import type { OrderStatus } from '../parts/status-badge.tsx';
import { useConsole } from '../session/session-context.tsx';
import { type AnyOrder, isFull } from './order.ts';

/** What is expected before the read model shows it. */
export interface Expected {
  readonly status: OrderStatus;
  /** Known once the API has answered. */
  readonly version?: number;
  readonly total?: number;
}

/** An order's page: as the read model has it, with what is expected on top, and read again when a change is pushed. */
export function useOrder(orderId: string) {
  const { orders } = useConsole();
  const [expected, setExpected] = useState<Expected>();
  const [pushed, setPushed] = useState<{ readonly version: number; readonly at: number }>();
  const load = useCallback(
    async (signal: AbortSignal): Promise<AnyOrder> => {
      const params = { path: { orderId }, query: { include: 'history,tracking' } };
      return (await orders.GET('/orders/{orderId}', { params, signal })).data;
    },
    [orders, orderId],
  );
  const loaded = useLoaded(load);
  const { value, reload } = loaded;
  const version = value?.version;
  const isThere = version !== undefined;
  const shown = useRef(0);
  shown.current = version ?? 0;
  useEffect(() => {
    if (!isThere) return;
    const abort = new AbortController();
    const watch = async () => {
      for await (const change of orders.watchOrder(orderId, { after: shown.current, signal: abort.signal })) {
        setPushed({ version: change.version, at: performance.now() });
      }
    };
    watch().catch((error: unknown) => {
      if (!abort.signal.aborted && !isAborted(error)) console.warn('Changes are not pushed to this page:', error);
    });
    return () => abort.abort();
  }, [orders, orderId, isThere]);
  useEffect(() => {
    if (pushed !== undefined && version !== undefined && pushed.version > version) reload();
  }, [pushed, version, reload]);
  const isAhead = expected !== undefined && (expected.version === undefined || expected.version > (version ?? 0));
  const order = value !== undefined && isAhead ? withExpected(value, expected) : value;
  return { ...loaded, order, isAhead, pushed, setExpected };
}

function withExpected(order: AnyOrder, { status, total }: Expected): AnyOrder {
  return isFull(order) ? { ...order, status, total: total ?? order.total } : { ...order, status };
}
