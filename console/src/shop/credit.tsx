import type { components } from 'cqrs-orders-client';
import { useCallback } from 'react';
import { type Loaded, useLoaded } from '../api/use-loaded.ts';
import { formatMoney } from '../format/numbers.ts';
import { useConsole } from '../session/session-context.tsx';

type Customer = components['schemas']['Customer'];

export function useCustomer(customerId: string): Loaded<Customer> {
  const { orders } = useConsole();
  const load = useCallback(
    async (signal: AbortSignal) =>
      (await orders.GET('/customers/{customerId}', { params: { path: { customerId } }, signal })).data,
    [orders, customerId],
  );
  return useLoaded(load);
}

export function Credit({ customer: { name, creditAvailable, currency } }: { readonly customer: Customer }) {
  return (
    <p className="credit">
      <span>{name}, credit left</span>
      <strong>{formatMoney(creditAvailable, currency)}</strong>
    </p>
  );
}
