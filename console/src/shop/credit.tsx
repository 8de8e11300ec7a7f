import { useCallback } from 'react';
import { useLoaded } from '../api/use-loaded.ts';
import { formatMoney } from '../format/numbers.ts';
import { useConsole } from '../session/session-context.tsx';
import type { PlacedOrder } from './placed-order.ts';

/** The customer's credit, read again once an order is placed. */
export function Credit({
  customerId,
  placed,
}: {
  readonly customerId: string;
  readonly placed: PlacedOrder | undefined;
}) {
  const { orders } = useConsole();
  // biome-ignore lint/correctness/useExhaustiveDependencies: an order uses credit
  const load = useCallback(
    async (signal: AbortSignal) =>
      (await orders.GET('/customers/{customerId}', { params: { path: { customerId } }, signal })).data,
    [orders, customerId, placed],
  );
  const { value } = useLoaded(load);
  if (value === undefined) return null;
  return (
    <p className="credit">
      <span>{value.name}, credit left</span>
      <strong>{formatMoney(value.creditAvailable, value.currency)}</strong>
    </p>
  );
}
