import type { Address, OrderStatus } from '../events/order-events.ts';
import type { CustomerCopy } from './customer-copy.ts';
import type { Stamped } from './stamp.ts';

/** An order that logistics must ship or follow; one that was refunded stays as a document, but is not shown. */
export interface Shipment extends Stamped<CustomerCopy> {
  readonly id: string;
  readonly orderId: string;
  readonly status: OrderStatus;
  /** The address's country and state, such as `GB-LND`. */
  readonly region: string;
  readonly shippingAddress: Address;
  /** Lines. */
  readonly itemCount: number;
  readonly carrier?: string | undefined;
  readonly trackingNumber?: string | undefined;
  readonly confirmedAt: string;
  readonly shippedAt?: string | undefined;
  readonly deliveredAt?: string | undefined;
  /** Descending: newest first. */
  readonly sortKey: string;
  readonly version: number;
  readonly lastUpdated: string;
}

/** What the board shows. */
export const SHIPMENT_STATUSES = ['confirmed', 'shipped', 'delivered'] as const satisfies readonly OrderStatus[];

/** The region of an address: country and state, as far as they are known. */
export function regionOf({ country, state }: Address): string {
  return country === undefined ? state : `${country}-${state}`;
}
