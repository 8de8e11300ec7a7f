import type { CustomerEvent } from '../../../shared/events/customer-events.ts';
import { formatMoney, type MinorUnits } from '../../../shared/money.ts';
import { ERASED } from '../../../shared/personal-data/placeholders.ts';
import { accept, type Decider, type Decision, reject, rejectErased } from '../../domain/decider.ts';

/** A customer without the credit in use, which orders change and a CHECK constraint guards. */
export interface Customer {
  readonly customerId: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly currency: string;
  readonly creditLimit: MinorUnits;
}

/** Undefined before the first event. */
export type CustomerState = Customer | undefined;

export interface RegisterCustomer extends Customer {
  readonly type: 'RegisterCustomer';
}

/** Undefined fields stay as they are; a phone of null is removed. */
export interface ChangeCustomerContact {
  readonly type: 'ChangeCustomerContact';
  readonly customerId: string;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | null | undefined;
}

export interface ChangeCreditLimit {
  readonly type: 'ChangeCreditLimit';
  readonly customerId: string;
  readonly creditLimit: MinorUnits;
}

/** Erases the customer's personal data for good; their orders and sums stay. */
export interface EraseCustomer {
  readonly type: 'EraseCustomer';
  readonly customerId: string;
}

export type CustomerCommand = RegisterCustomer | ChangeCustomerContact | ChangeCreditLimit | EraseCustomer;

export interface CustomerFacts {
  /** Minor units of credit that open orders use. */
  readonly creditUsed: MinorUnits;
  readonly erased: boolean;
}

/** Decides a command on a customer. */
export function decideCustomer(
  command: CustomerCommand,
  state: CustomerState,
  facts: CustomerFacts,
): Decision<CustomerEvent> {
  if (command.type === 'RegisterCustomer') {
    const { type: _, ...data } = command;
    if (state === undefined) return accept({ eventType: 'CustomerRegistered', data });
    return reject({ code: 'customer-exists', message: `Customer ${data.customerId} is registered already.` });
  }
  if (state === undefined) {
    return reject({ code: 'customer-not-found', message: `There is no customer ${command.customerId}.` });
  }
  if (facts.erased) return rejectErased(command.customerId);
  switch (command.type) {
    case 'EraseCustomer':
      return accept({ eventType: 'CustomerErased', data: {} });
    case 'ChangeCustomerContact': {
      const { name = state.name, email = state.email, phone = state.phone } = command;
      return accept({ eventType: 'CustomerContactChanged', data: { name, email, phone } });
    }
    case 'ChangeCreditLimit': {
      const { creditLimit } = command;
      if (creditLimit >= facts.creditUsed) return accept({ eventType: 'CreditLimitChanged', data: { creditLimit } });
      const used = formatMoney(facts.creditUsed, state.currency);
      const message = `Open orders of customer ${state.customerId} use ${used} of credit: the limit cannot be lower.`;
      return reject({ code: 'credit-limit-exceeded', message, errors: [{ path: 'creditLimit', message }] });
    }
  }
}

/** The state after an event. Throws when the log is not a customer's. */
export function evolveCustomer(state: CustomerState, event: CustomerEvent): Customer {
  if (event.eventType === 'CustomerRegistered') return event.data;
  if (state === undefined) throw new Error(`The log has ${event.eventType} for a customer that is not registered.`);
  switch (event.eventType) {
    case 'CustomerContactChanged':
    case 'CreditLimitChanged':
      return { ...state, ...event.data };
    case 'CustomerErased':
      return { ...state, name: ERASED, email: ERASED, phone: null };
  }
}

export const customerDecider: Decider<CustomerCommand, CustomerState, CustomerFacts, CustomerEvent, Customer> = {
  initialState: undefined,
  decide: decideCustomer,
  evolve: evolveCustomer,
};
