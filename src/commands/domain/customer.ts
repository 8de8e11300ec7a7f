import type { CustomerRegistered } from '../../shared/events/customer-events.ts';
import { accept, type Decision, reject } from './result.ts';

export type CustomerEvent = { readonly eventType: 'CustomerRegistered'; readonly data: CustomerRegistered };

export type RegisteredCustomer = { readonly status: 'registered' } & CustomerRegistered;

/** `none` before the first event. */
export type CustomerState = { readonly status: 'none' } | RegisteredCustomer;

export const initialCustomer: CustomerState = { status: 'none' };

export interface RegisterCustomer extends CustomerRegistered {
  readonly type: 'RegisterCustomer';
}

export type CustomerCommand = RegisterCustomer;

/** Decides a command on a customer by its state. */
export function decideCustomer(command: CustomerCommand, state: CustomerState): Decision<CustomerEvent> {
  const { type, ...data } = command;
  switch (type) {
    case 'RegisterCustomer':
      if (state.status !== 'none') {
        return reject({ code: 'customer-exists', message: `Customer ${data.customerId} is registered already.` });
      }
      return accept({ eventType: 'CustomerRegistered', data });
  }
}

/** The state after an event. */
export function evolveCustomer(_state: CustomerState, event: CustomerEvent): RegisteredCustomer {
  switch (event.eventType) {
    case 'CustomerRegistered':
      return { status: 'registered', ...event.data };
  }
}
