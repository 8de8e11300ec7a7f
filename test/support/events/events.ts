import { randomUUID } from 'node:crypto';
import type {
  CustomerEventEnvelope,
  EventEnvelope,
  OrderEventEnvelope,
  ProductEventEnvelope,
} from '../../../src/shared/events/envelope.ts';
import { ERASED } from '../../../src/shared/personal-data/placeholders.ts';

type Head = Partial<Pick<EventEnvelope, 'eventId' | 'aggregateId' | 'version' | 'timestamp'>>;

const TIMESTAMP = '2026-01-15T10:30:00.000Z';
const address = { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' };

/** A literal OrderPlaced. A test sets the fields that it depends on. */
export function orderPlaced(head: Head = {}): OrderEventEnvelope {
  const orderId = head.aggregateId ?? 'order-1';
  const line = { line: 1, productId: 'lamp', quantity: 2, price: 2999 };
  const common = { customerId: 'ada', currency: 'USD', total: 5998, shippingAddress: address, placedAt: TIMESTAMP };
  return {
    ...envelope(head, orderId),
    eventType: 'OrderPlaced',
    schemaVersion: 2,
    aggregateType: 'Order',
    data: { ...common, items: [line] },
    order: {
      ...common,
      orderId,
      customerName: 'Ada Lovelace',
      customerEmail: 'ada@example.com',
      customerPhone: null,
      status: 'submitted',
      items: [{ ...line, productName: 'Desk lamp' }],
    },
  };
}

/** A literal CustomerRegistered. */
export function customerRegistered(head: Head = {}): CustomerEventEnvelope {
  const customerId = head.aggregateId ?? 'ada';
  const customer = {
    customerId,
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    phone: null,
    currency: 'USD',
    creditLimit: 100_000,
  };
  return {
    ...envelope(head, customerId),
    eventType: 'CustomerRegistered',
    schemaVersion: 1,
    aggregateType: 'Customer',
    data: customer,
    customer,
  };
}

/** A literal ProductAdded. */
export function productAdded(head: Head = {}): ProductEventEnvelope {
  const productId = head.aggregateId ?? 'lamp';
  const product = { productId, name: 'Desk lamp', price: 2999, currency: 'USD' };
  return {
    ...envelope(head, productId),
    eventType: 'ProductAdded',
    schemaVersion: 1,
    aggregateType: 'Product',
    data: { ...product, stock: 10 },
    product,
  };
}

/** A customer's event with a new name, or, without one, the event of their erasure. */
export function customerChanged(head: Head, name?: string): EventEnvelope {
  const customerId = head.aggregateId ?? 'ada';
  const contact = { name: name ?? ERASED, email: name === undefined ? ERASED : 'ada@example.com', phone: null };
  const common = {
    ...envelope(head, customerId),
    schemaVersion: 1,
    aggregateType: 'Customer' as const,
    customer: { customerId, ...contact, currency: 'USD', creditLimit: 100_000 },
  };
  if (name === undefined) return { ...common, eventType: 'CustomerErased', data: {} };
  return { ...common, eventType: 'CustomerContactChanged', data: contact };
}

/** The request for an erasure that needs a second person. */
export function erasureRequested(head: Head = {}): EventEnvelope {
  return { ...customerRegistered(head), eventType: 'CustomerErasureRequested', data: { requestedBy: 'a'.repeat(64) } };
}

function envelope(head: Head, aggregateId: string) {
  return {
    eventId: randomUUID(),
    version: 1,
    timestamp: TIMESTAMP,
    correlationId: 'correlation-1',
    causationId: 'command-1',
    metadata: { userId: 'ada', source: 'http' },
    ...head,
    aggregateId,
  };
}
