import type { CustomerEvent, PublishedCustomer } from '../../shared/events/customer-events.ts';
import { EVENTS } from '../../shared/events/envelope.ts';
import { type Aggregate, prepareAggregate } from '../pipeline/aggregate-handler.ts';
import type { PreparedCommand } from '../pipeline/command.ts';
import type { CustomerRow } from '../write-store/write-store.ts';
import {
  type Customer,
  type CustomerCommand,
  type CustomerFacts,
  type CustomerState,
  customerDecider,
} from './domain/customer.ts';

const customers: Aggregate<CustomerCommand, CustomerState, CustomerFacts, CustomerEvent, Customer> = {
  type: 'Customer',
  decider: customerDecider,
  load: ({ customer: row }) => ({
    version: row?.version ?? 0,
    state: row && toCustomer(row),
    facts: { creditUsed: row?.creditUsed ?? 0, erased: row?.erased ?? false },
  }),
  change: ({ id, version, event, after }) => ({
    event: {
      ...event,
      schemaVersion: EVENTS[event.eventType].version,
      aggregateType: 'Customer',
      customer: toPublished(after),
    },
    customer: { ...after, version },
    stock: [],
    ...(event.eventType === 'CustomerErased' && { erasedCustomerId: id }),
  }),
};

/** Prepares a command on a customer. */
export function prepareCustomerCommand(
  customerId: string,
  toCommand: (customer: CustomerState) => CustomerCommand,
): PreparedCommand {
  return prepareAggregate(customers, { id: customerId, reads: { customerId, productIds: [] }, toCommand });
}

function toPublished({ erasureRequestedBy: _erasureRequestedBy, ...customer }: Customer): PublishedCustomer {
  return customer;
}

function toCustomer({
  version: _version,
  creditUsed: _creditUsed,
  erased: _erased,
  ...customer
}: CustomerRow): Customer {
  return customer;
}
