import { ApiError, type components, isProblem } from 'cqrs-orders-client';
import { useRef, useState } from 'react';
import { CORRELATION_ID, type Failure, toFailure } from '../api/commands.ts';
import { useTell } from '../parts/toasts.tsx';
import { useConsole } from '../session/session-context.tsx';
import type { PlacedOrder } from './placed-order.ts';

type OrderToPlace = components['schemas']['PlaceOrder'];

/** Why the order was not placed, as far as this page knows. */
export interface PlacingFailure extends Failure {
  /** `refused`: it does not exist. `unknown`: it may exist. `placed`: an earlier attempt placed it, with other contents. */
  readonly outcome: 'refused' | 'unknown' | 'placed';
}

/**
 * Places an order. All attempts have one idempotency key until one is accepted, because the answer to an earlier attempt may have been
 * lost: they place one order at most.
 */
export function usePlaceOrder(onPlaced: (order: PlacedOrder) => void) {
  const { orders } = useConsole();
  const tell = useTell();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<PlacingFailure>();
  const key = useRef(crypto.randomUUID());
  /** Resolves to undefined when the order was placed, or to the failure. */
  const place = async (body: OrderToPlace): Promise<PlacingFailure | undefined> => {
    const correlationId = crypto.randomUUID();
    const sentAt = performance.now();
    setBusy(true);
    setFailure(undefined);
    try {
      const headers = { [CORRELATION_ID]: correlationId };
      const { data } = await orders.POST('/orders', { body, headers, idempotencyKey: key.current });
      key.current = crypto.randomUUID();
      const answeredMs = performance.now() - sentAt;
      const { orderId, version } = data;
      tell({ title: 'Order placed', detail: `It has version ${version}.`, correlationId });
      onPlaced({ orderId, customerId: body.customerId, version, correlationId, sentAt, answeredMs });
      return undefined;
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome === 'placed') key.current = crypto.randomUUID();
      const failed = { ...toFailure(error, correlationId), outcome };
      setFailure(failed);
      return failed;
    } finally {
      setBusy(false);
    }
  };
  return { place, busy, failure };
}

function outcomeOf(error: unknown): PlacingFailure['outcome'] {
  if (isProblem(error, 'idempotency-key-reused')) return 'placed';
  return error instanceof ApiError && error.status < 500 ? 'refused' : 'unknown';
}
