import type { PreparedCommand } from './bus/command.ts';
import {
  type CustomerCommand,
  type CustomerState,
  decideCustomer,
  evolveCustomer,
  initialCustomer,
} from './domain/customer.ts';
import type { CustomerRow } from './write-store/write-store.ts';

/** Prepares any command on a customer. */
export function prepareCustomerCommand(command: CustomerCommand): PreparedCommand {
  const { customerId } = command;
  return {
    aggregateType: 'Customer',
    aggregateId: customerId,
    reads: { customerId, productIds: [] },
    decide: ({ customer: row }) => {
      const before = toState(row);
      const decision = decideCustomer(command, before);
      if (decision.outcome === 'rejected') return decision;
      const { status: _, ...customer } = evolveCustomer(before, decision.event);
      return {
        outcome: 'accepted',
        change: {
          event: { ...decision.event, schemaVersion: 1, aggregateType: 'Customer', customer },
          customer: { ...customer, version: (row?.version ?? 0) + 1 },
          stock: [],
        },
      };
    },
  };
}

function toState(row: CustomerRow | undefined): CustomerState {
  return row === undefined ? initialCustomer : { status: 'registered', ...row };
}
