import type { CustomerEvent } from '../../../shared/events/customer-events.ts';
import { formatMoney, type MinorUnits, toDecimal } from '../../../shared/money.ts';
import { ERASED } from '../../../shared/personal-data/placeholders.ts';
import { accept, type Decider, type Decision, reject, rejectErased } from '../../domain/decider.ts';

/** A customer without the credit in use: orders change that, and a CHECK constraint guards it. */
export interface Customer {
  readonly customerId: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly currency: string;
  readonly creditLimit: MinorUnits;
  /** Who requested the erasure (`EraseCustomer.requestedBy`); null without a request. A request is never withdrawn. */
  readonly erasureRequestedBy: string | null;
}

/** Undefined before the first event. */
export type CustomerState = Customer | undefined;

export interface RegisterCustomer extends Omit<Customer, 'erasureRequestedBy'> {
  readonly type: 'RegisterCustomer';
}

/** Undefined fields stay unchanged; null removes the phone. */
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

/** Permanently erases the customer's personal data, or requests it from a second person; orders and totals remain. */
export interface EraseCustomer {
  readonly type: 'EraseCustomer';
  readonly customerId: string;
  /** SHA-256 (hex) of the sender's user id, which has no maximum length itself. */
  readonly requestedBy: string;
  /** Whether an erasure needs a request by another person first: a setting of the deployment. */
  readonly needsSecondPerson: boolean;
}

export type CustomerCommand = RegisterCustomer | ChangeCustomerContact | ChangeCreditLimit | EraseCustomer;

export interface CustomerFacts {
  /** Credit that open orders use, in minor units. */
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
    return reject({ code: 'customer-exists', message: `Customer ${data.customerId} is already registered.` });
  }
  if (state === undefined) {
    return reject({ code: 'customer-not-found', message: `There is no customer ${command.customerId}.` });
  }
  if (facts.erased) return rejectErased(command.customerId);
  switch (command.type) {
    case 'EraseCustomer':
      return decideErasure(command, state);
    case 'ChangeCustomerContact': {
      const { name = state.name, email = state.email, phone = state.phone } = command;
      return accept({ eventType: 'CustomerContactChanged', data: { name, email, phone } });
    }
    case 'ChangeCreditLimit': {
      const { creditLimit } = command;
      if (creditLimit >= facts.creditUsed) return accept({ eventType: 'CreditLimitChanged', data: { creditLimit } });
      const used = formatMoney(facts.creditUsed, state.currency);
      const message = `Open orders of customer ${state.customerId} use ${used} of credit: the limit cannot be lower.`;
      const creditUsed = toDecimal(facts.creditUsed, state.currency);
      return reject({
        code: 'credit-limit-exceeded',
        message,
        errors: [{ path: 'creditLimit', message }],
        facts: { creditUsed, currency: state.currency },
      });
    }
  }
}

function decideErasure({ requestedBy, needsSecondPerson }: EraseCustomer, state: Customer): Decision<CustomerEvent> {
  const { erasureRequestedBy } = state;
  const isSecondPerson = erasureRequestedBy !== null && erasureRequestedBy !== requestedBy;
  if (!needsSecondPerson || isSecondPerson) return accept({ eventType: 'CustomerErased', data: {} });
  return accept({ eventType: 'CustomerErasureRequested', data: { requestedBy } });
}

/** Returns the state after an event. Throws when the event cannot follow the state. */
export function evolveCustomer(state: CustomerState, event: CustomerEvent): Customer {
  if (event.eventType === 'CustomerRegistered') return { ...event.data, erasureRequestedBy: null };
  if (state === undefined) throw new Error(`The log has ${event.eventType} for a customer that is not registered.`);
  switch (event.eventType) {
    case 'CustomerContactChanged':
    case 'CreditLimitChanged':
      return { ...state, ...event.data };
    case 'CustomerErasureRequested':
      return { ...state, erasureRequestedBy: event.data.requestedBy };
    case 'CustomerErased':
      return { ...state, name: ERASED, email: ERASED, phone: null };
  }
}

export const customerDecider: Decider<CustomerCommand, CustomerState, CustomerFacts, CustomerEvent, Customer> = {
  initialState: undefined,
  decide: decideCustomer,
  evolve: evolveCustomer,
};
