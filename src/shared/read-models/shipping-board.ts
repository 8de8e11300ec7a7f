import type { Address, OrderStatus } from '../events/order-events.ts';
import type { CustomerCopy } from './customer-copy.ts';
import type { Stamped } from './stamp.ts';

/** An order to ship or track. The documents of cancelled and refunded orders stay, but queries do not return them. */
export interface Shipment extends Stamped<CustomerCopy> {
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
  /** Lists sort by it in descending order: newest first. */
  readonly sortKey: string;
  readonly version: number;
  readonly lastUpdated: string;
}

/** The statuses that queries return. */
export const SHIPMENT_STATUSES = ['confirmed', 'shipped', 'delivered'] as const satisfies readonly OrderStatus[];

/** The region of an address: country and state, or the state alone when the country is absent. */
export function regionOf({ country, state }: Address): string {
  return country === undefined ? state : `${country}-${state}`;
}
