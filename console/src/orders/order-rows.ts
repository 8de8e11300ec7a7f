import type { OrdersClient } from 'cqrs-orders-client';
import type { PageOf, PageRequest } from '../api/more-pages.ts';
import type { OrderStatus } from '../parts/status-badge.tsx';
import { type Caller, hasRole } from '../session/callers.ts';

/** An order in a list. Which of its fields are known depends on the caller's role. */
export interface OrderRow {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly who: string | undefined;
  readonly amount: { readonly total: number; readonly currency: string } | undefined;
  readonly itemCount: number;
  readonly at: string | null;
}

export interface OrderFilter {
  readonly q: string;
  readonly status: OrderStatus | '';
  /** UTC days, such as 2026-03-01; empty for no limit. */
  readonly from: string;
  readonly to: string;
}

/** A list of orders that a role may read. */
export interface OrderSource {
  readonly intro: string;
  /** Which filters it has. */
  readonly searches: boolean;
  readonly statuses: readonly OrderStatus[];
  readonly read: (filter: OrderFilter, page: PageRequest) => Promise<PageOf<OrderRow>>;
}

const LIMIT = 20;
const PLACED: readonly OrderStatus[] = ['submitted', 'confirmed', 'shipped', 'delivered', 'cancelled', 'refunded'];

/** The list for the caller's role: all orders, the shipments, or the caller's own orders. */
export function sourceFor(caller: Caller, orders: OrdersClient): OrderSource {
  if (hasRole(caller, 'admin', 'analyst')) return allOrders(orders, hasRole(caller, 'admin'));
  if (hasRole(caller, 'warehouse')) return shipments(orders);
  return ownOrders(orders, caller.customerId ?? '');
}

function allOrders(orders: OrdersClient, seesNames: boolean): OrderSource {
  return {
    intro: seesNames
      ? 'Every placed order, newest first. Find one by the beginning of a name, a product or an id.'
      : 'Every placed order, newest first. Find one by the beginning of a product or an id.',
    searches: true,
    statuses: PLACED,
    read: async (filter, page) => {
      const query = { ...searchQuery(filter), ...pageQuery(page) };
      const { data } = await orders.GET('/orders', { params: { query }, signal: page.signal });
      return {
        items: data.items.map((item) => ({
          ...item,
          who: 'customerName' in item ? item.customerName : undefined,
          amount: item,
          at: item.placedAt,
        })),
        continuationToken: data.continuationToken,
      };
    },
  };
}

function shipments(orders: OrdersClient): OrderSource {
  return {
    intro: 'What is confirmed and has to be shipped, and what is on its way.',
    searches: false,
    statuses: ['confirmed', 'shipped', 'delivered'],
    read: async ({ status }, page) => {
      const isShipping = status === 'confirmed' || status === 'shipped' || status === 'delivered';
      const query = { ...(isShipping && { status }), ...pageQuery(page) };
      const { data } = await orders.GET('/shipments', { params: { query }, signal: page.signal });
      return {
        items: data.items.map((item) => ({
          ...item,
          who: `${item.customerName}, ${item.shippingAddress.city}`,
          amount: undefined,
          at: item.confirmedAt,
        })),
        continuationToken: data.continuationToken,
      };
    },
  };
}

function ownOrders(orders: OrdersClient, customerId: string): OrderSource {
  return {
    intro: 'Your orders, newest first.',
    searches: false,
    statuses: ['draft', ...PLACED],
    read: async ({ status }, page) => {
      const query = { ...(status !== '' && { status }), ...pageQuery(page) };
      const { data } = await orders.GET('/customers/{customerId}/orders', {
        params: { path: { customerId }, query },
        signal: page.signal,
      });
      return {
        items: data.items.map((item) => ({ ...item, who: undefined, amount: item, at: item.placedAt })),
        continuationToken: data.continuationToken,
      };
    },
  };
}

/** The parameters of a page: its size, and where it starts. */
const pageQuery = ({ continuationToken }: PageRequest) => ({
  limit: LIMIT,
  ...(continuationToken !== undefined && { continuationToken }),
});

/** The parameters of a search, without those that are empty, which the API refuses. */
const searchQuery = ({ q, status, from, to }: OrderFilter) => ({
  ...(q !== '' && { q }),
  ...(status !== '' && { status }),
  ...(from !== '' && { from }),
  ...(to !== '' && { to }),
});
