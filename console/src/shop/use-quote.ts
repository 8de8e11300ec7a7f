import type { components } from 'cqrs-orders-client';
import { useCallback } from 'react';
import { useLoaded } from '../api/use-loaded.ts';
import { useConsole } from '../session/session-context.tsx';
import { type Cart, itemsOf } from './cart.ts';

export type Quote = components['schemas']['OrderQuote'];

/** The address does not change the price. */
const ANYWHERE = { street: 'unknown', city: 'unknown', state: 'unknown', zip: 'unknown' };

/** What the order would cost, and whether it could be placed. Has no effect. */
export function useQuote(customerId: string, cart: Cart) {
  const { orders } = useConsole();
  const load = useCallback(
    async (signal: AbortSignal): Promise<Quote> => {
      const body = { customerId, items: itemsOf(cart), shippingAddress: ANYWHERE };
      return (await orders.POST('/orders/quote', { body, signal })).data;
    },
    [orders, customerId, cart],
  );
  return useLoaded(load, { keep: false });
}
