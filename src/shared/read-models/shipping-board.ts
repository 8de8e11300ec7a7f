import type { Address, OrderStatus } from '../events/order-events.ts';
import type { BOARD } from './containers.ts';
import type { CustomerCopy } from './customer-copy.ts';
import type { Stamped } from './stamp.ts';

/**
 * An order to ship or track. The documents of cancelled and refunded orders stay for some time, so that no late event recreates them, but
 * queries do not return them.
 */
export interface Shipment extends Stamped<CustomerCopy> {
  /** The first part of the partition key. */
  readonly board: typeof BOARD;
  readonly id: string;
  readonly orderId: string;
  readonly status: OrderStatus;
  /** Country and state of the address, such as `GB-LND`. */
  readonly region: string;
  readonly shippingAddress: Address;
  /** Number of lines. */
  readonly itemCount: number;
  readonly carrier?: string | undefined;
  readonly trackingNumber?: string | undefined;
  readonly confirmedAt: string;
  readonly shippedAt?: string | undefined;
  readonly deliveredAt?: string | undefined;
  /** When the document is deleted, ISO 8601 UTC: absent until the order has been delivered, cancelled or refunded. */
  readonly expiresAt?: string;
  /** Lists sort by it in descending order: newest first. */
  readonly sortKey: string;
  readonly version: number;
  readonly lastUpdated: string;
}

/** How long (ms) an order stays on the board after its delivery, cancellation or refund: 30 days, longer than events stay in a hub. */
export const KEEP_DONE_MS = 30 * 86_400_000;

/** The statuses that queries return. */
export const SHIPMENT_STATUSES = ['confirmed', 'shipped', 'delivered'] as const satisfies readonly OrderStatus[];

/** The region of an address: country and state, or the state alone when the country is absent. */
export function regionOf({ country, state }: Address): string {
  return country === undefined ? state : `${country}-${state}`;
}
