import type { PublishedCustomer } from '../events/customer-events.ts';
import type { EventEnvelope } from '../events/envelope.ts';
import type { PublishedOrder } from '../events/order-events.ts';
import { documentId } from './document-id.ts';

/** The denormalized customer data in an order's document. */
export interface CustomerCopy {
  readonly customerId: string;
  readonly customerName: string;
  /** Version of the customer that the name is from; 0 when the order's event does not contain it. */
  readonly customerVersion: number;
  /** Present once the customer is erased: the document contains no personal data any more. */
  readonly customerErased?: true;
}

/**
 * The newest data of a customer that has changed, in each container whose documents copy the customer's name. Documents of orders
 * that are created later copy it from here. No query returns it.
 */
export interface CustomerMarker extends CustomerCopy {
  readonly type: 'customer';
  /** See `markerId`. */
  readonly id: string;
  /** The partition key, equal to the id, where each order has a logical partition of its own. */
  readonly partition?: string;
  /** The first value of the partition key in the shipping board. */
  readonly board?: string;
}

/** The id of a customer's marker. It cannot collide with an order's document, because a document id has no `!`. */
export const markerId = (customerId: string): string => `!customer-${documentId(customerId)}`;

/** The fields of a copy that a document stores. */
export function customerOf({ customerName, customerVersion, customerErased }: CustomerCopy) {
  return { customerName, customerVersion, ...(customerErased && { customerErased }) };
}

/** The order in an event, with customer version 0 when the event lacks it. */
export function withCustomerVersion({ customerVersion = 0, ...order }: PublishedOrder): PublishedOrder & CustomerCopy {
  return { ...order, customerVersion };
}

/** The copy of the customer after an event; undefined when the event changes nothing in the copies. */
export function customerCopyOf(event: EventEnvelope): CustomerCopy | undefined {
  switch (event.eventType) {
    case 'CustomerContactChanged':
      return toCopy(event);
    case 'CustomerErased':
      return { ...toCopy(event), customerErased: true };
    default:
      return undefined;
  }
}

function toCopy({
  customer,
  version,
}: {
  readonly customer: PublishedCustomer;
  readonly version: number;
}): CustomerCopy {
  return { customerId: customer.customerId, customerName: customer.name, customerVersion: version };
}

/** Returns the newer of two copies of a customer, or the first when they are equally new. An erased copy is always the newest. */
export function newerCopy<A extends CustomerCopy, B extends CustomerCopy>(a: A, b: B | undefined): A | B {
  if (b === undefined || a.customerErased) return a;
  return b.customerErased || b.customerVersion > a.customerVersion ? b : a;
}
