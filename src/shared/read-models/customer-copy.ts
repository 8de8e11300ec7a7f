import type { PublishedCustomer } from '../events/customer-events.ts';
import type { EventEnvelope } from '../events/envelope.ts';
import type { PublishedOrder } from '../events/order-events.ts';
import { documentId } from './document-id.ts';

/** What a document of an order has of the order's customer. */
export interface CustomerCopy {
  readonly customerId: string;
  readonly customerName: string;
  /** Version of the customer whose name that is; 0 where the order's event does not say. */
  readonly customerVersion: number;
  /** There once the customer is erased: nothing in the document tells any longer who they were. */
  readonly customerErased?: true;
}

/**
 * What was last heard of a customer who has changed, in each container whose documents copy the customer's name: an order's
 * document that comes into being later takes it from here. No query shows it.
 */
export interface CustomerMarker extends CustomerCopy {
  readonly type: 'customer';
  /** See `markerId`; also the partition key. */
  readonly id: string;
}

/** No order's document can have this id. */
export const markerId = (customerId: string): string => `!customer-${documentId(customerId)}`;

/** What of a copy a document shows, or is found by. */
export function customerOf({ customerName, customerVersion, customerErased }: CustomerCopy) {
  return { customerName, customerVersion, ...(customerErased && { customerErased }) };
}

/** An order as its event gives it, with the customer as a document copies them. */
export function withCopy({ customerVersion = 0, ...order }: PublishedOrder): PublishedOrder & CustomerCopy {
  return { ...order, customerVersion };
}

/** What a customer's event says to the documents that have a copy; undefined when there is nothing new in it for them. */
export function copyOf(event: EventEnvelope): CustomerCopy | undefined {
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

/** Of two of one customer the one that was heard last; none comes after an erasure. The first when both are as new. */
export function newerCopy<A extends CustomerCopy, B extends CustomerCopy>(a: A, b: B | undefined): A | B {
  if (b === undefined || a.customerErased) return a;
  return b.customerErased || b.customerVersion > a.customerVersion ? b : a;
}
