import type { PlaceOrder } from './order.ts';

/** A request of the load generator. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/** How a peer wants its orders placed and read. */
export interface Requests {
  place(order: PlaceOrder): HttpRequest;
  read(orderId: string): HttpRequest;
}

/** Orders are placed and read at /api/orders. */
export const REST: Requests = {
  place: (order) => ({ method: 'POST', path: '/api/orders', body: JSON.stringify(order) }),
  read: (orderId) => ({ method: 'GET', path: `/api/orders/${orderId}` }),
};
