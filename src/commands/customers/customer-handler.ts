import type { CustomerSnapshot } from '../../shared/events/customer-events.ts';
import { SCHEMA_VERSIONS } from '../../shared/events/envelope.ts';
import type { PreparedCommand } from '../pipeline/command.ts';
import type { CustomerRow } from '../write-store/write-store.ts';
import { type CustomerCommand, decideCustomer, evolveCustomer } from './domain/customer.ts';

/** Prepares a command on a customer; amounts in it may depend on the currency that the customer has. */
export function prepareCustomerCommand(
  customerId: string,
  toCommand: (row: CustomerRow | undefined) => CustomerCommand,
): PreparedCommand {
  return {
    aggregateType: 'Customer',
    aggregateId: customerId,
    reads: { customerId, productIds: [] },
    version: ({ customer }) => customer?.version ?? 0,
    decide: ({ customer: row }) => {
      const before = row === undefined ? undefined : toState(row);
      const decision = decideCustomer(toCommand(row), before, {
        creditUsed: row?.creditUsed ?? 0,
        erased: row?.erased ?? false,
      });
      if (decision.outcome === 'rejected') return decision;
      const customer = evolveCustomer(before, decision.event);
      return {
        outcome: 'accepted',
        change: {
          event: {
            ...decision.event,
            schemaVersion: SCHEMA_VERSIONS[decision.event.eventType],
            aggregateType: 'Customer',
            customer,
          },
          customer: { ...customer, version: (row?.version ?? 0) + 1 },
          stock: [],
          ...(decision.event.eventType === 'CustomerErased' && { erasedCustomerId: customerId }),
        },
      };
    },
  };
}

function toState({
  version: _version,
  creditUsed: _creditUsed,
  erased: _erased,
  ...customer
}: CustomerRow): CustomerSnapshot {
  return customer;
}
