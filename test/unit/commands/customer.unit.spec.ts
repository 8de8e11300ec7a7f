import { describe, expect, it } from 'vitest';
import {
  type ChangeCustomerContact,
  type CustomerCommand,
  type CustomerState,
  decideCustomer,
  evolveCustomer,
} from '../../../src/commands/customers/domain/customer.ts';
import type { CustomerEvent } from '../../../src/shared/events/customer-events.ts';

const ada = {
  customerId: 'ada',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  phone: '+1 555 0100',
  currency: 'USD',
  creditLimit: 100_000,
};
const register: CustomerCommand = { type: 'RegisterCustomer', ...ada };
const contact = (change: Partial<ChangeCustomerContact>): CustomerCommand => ({
  type: 'ChangeCustomerContact',
  customerId: 'ada',
  name: undefined,
  email: undefined,
  phone: undefined,
  ...change,
});
const limit = (creditLimit: number): CustomerCommand => ({ type: 'ChangeCreditLimit', customerId: 'ada', creditLimit });

const eraseBy = (requestedBy: string, needsSecondPerson: boolean): CustomerCommand => ({
  type: 'EraseCustomer',
  customerId: 'ada',
  requestedBy,
  needsSecondPerson,
});

const registered: CustomerEvent = { eventType: 'CustomerRegistered', data: ada };
const renamed: CustomerEvent = {
  eventType: 'CustomerContactChanged',
  data: { name: 'Ada King', email: 'king@example.com', phone: null },
};

const requestedByFirst: CustomerEvent = { eventType: 'CustomerErasureRequested', data: { requestedBy: 'first' } };
const erased: CustomerEvent = { eventType: 'CustomerErased', data: {} };

const stateAfter = (...events: readonly CustomerEvent[]) =>
  events.reduce<CustomerState>((state, event) => evolveCustomer(state, event), undefined);

/** Reads as the specification: given events and the credit in use, when a command is decided, then an event or a rejection. */
function given(...events: readonly CustomerEvent[]) {
  return {
    when: (command: CustomerCommand, { creditUsed = 0, erased = false } = {}) => {
      const decision = decideCustomer(command, stateAfter(...events), { creditUsed, erased });
      return {
        then: (event: CustomerEvent) => expect(decision).toEqual({ outcome: 'accepted', event }),
        thenRejected: (code: string, message: string, ...paths: readonly string[]) => {
          expect(decision).toMatchObject({ outcome: 'rejected', rejection: { code, message } });
          const errors = decision.outcome === 'rejected' ? (decision.rejection.errors ?? []) : [];
          expect(errors).toEqual(paths.map((path) => ({ path, message })));
        },
      };
    },
  };
}

describe('RegisterCustomer', () => {
  it('registers a customer', () => {
    given().when(register).then(registered);
  });

  it('rejects an id that is already registered', () => {
    given(registered).when(register).thenRejected('customer-exists', 'Customer ada is already registered.');
  });
});

describe('ChangeCustomerContact', () => {
  it.each<[string, Partial<ChangeCustomerContact>, object]>([
    ['the name', { name: 'Ada King' }, { name: 'Ada King' }],
    ['the email address', { email: 'king@example.com' }, { email: 'king@example.com' }],
    ['the phone number', { phone: '+1 555 0199' }, { phone: '+1 555 0199' }],
  ])('changes %s and keeps the rest', (_what, change, changed) => {
    const { name, email, phone } = ada;
    given(registered)
      .when(contact(change))
      .then({ eventType: 'CustomerContactChanged', data: { name, email, phone, ...changed } });
  });

  it('removes the phone number when it is null', () => {
    const { name, email } = ada;
    given(registered)
      .when(contact({ phone: null }))
      .then({ eventType: 'CustomerContactChanged', data: { name, email, phone: null } });
  });

  it('keeps earlier changes to the contact', () => {
    given(registered, renamed)
      .when(contact({ email: 'ada@example.org' }))
      .then({
        eventType: 'CustomerContactChanged',
        data: { name: 'Ada King', email: 'ada@example.org', phone: null },
      });
  });

  it('rejects a customer that is not registered', () => {
    given()
      .when(contact({ name: 'Ada' }))
      .thenRejected('customer-not-found', 'There is no customer ada.');
  });
});

describe('ChangeCreditLimit', () => {
  it('raises and lowers the limit', () => {
    given(registered)
      .when(limit(200_000))
      .then({ eventType: 'CreditLimitChanged', data: { creditLimit: 200_000 } });
    given(registered)
      .when(limit(0))
      .then({ eventType: 'CreditLimitChanged', data: { creditLimit: 0 } });
  });

  it('accepts a limit equal to the credit in use', () => {
    given(registered)
      .when(limit(5998), { creditUsed: 5998 })
      .then({ eventType: 'CreditLimitChanged', data: { creditLimit: 5998 } });
  });

  it('rejects a limit one cent below the credit in use, states the amount in use and names the field', () => {
    const message = 'Open orders of customer ada use 59.98 USD of credit: the limit cannot be lower.';
    given(registered)
      .when(limit(5997), { creditUsed: 5998 })
      .thenRejected('credit-limit-exceeded', message, 'creditLimit');
  });

  it('rejects a customer that is not registered', () => {
    given().when(limit(1)).thenRejected('customer-not-found', 'There is no customer ada.');
  });
});

describe('folding the events of a customer', () => {
  it('returns the customer with every change applied', () => {
    const state = stateAfter(registered, renamed, { eventType: 'CreditLimitChanged', data: { creditLimit: 5 } });
    expect(state).toEqual({
      customerId: 'ada',
      name: 'Ada King',
      email: 'king@example.com',
      phone: null,
      currency: 'USD',
      creditLimit: 5,
      erasureRequestedBy: null,
    });
  });

  it('throws when the first event is not CustomerRegistered', () => {
    expect(() => stateAfter(renamed)).toThrow('CustomerContactChanged for a customer that is not registered');
  });
});

describe('EraseCustomer', () => {
  const erase = eraseBy('first', false);

  it('erases a customer', () => {
    given(registered).when(erase).then(erased);
  });

  it('erases a customer whose erasure was requested before a second person was no longer needed', () => {
    given(registered, requestedByFirst).when(erase).then(erased);
  });

  it('rejects a customer that is not registered', () => {
    given().when(erase).thenRejected('customer-not-found', 'There is no customer ada.');
  });

  it.each([
    ['a second erasure', erase],
    ['a contact change', contact({ name: 'Ada' })],
    ['a credit limit change', limit(1)],
  ])('is final: %s is rejected', (_what, command) => {
    const message = 'Customer ada was erased and can no longer be changed.';
    given(registered, erased)
      .when(command, { creditUsed: 0, erased: true })
      .thenRejected('customer-not-found', message);
  });

  it('does not free the id: registering it again is rejected', () => {
    const message = 'Customer ada is already registered.';
    given(registered, erased).when(register, { creditUsed: 0, erased: true }).thenRejected('customer-exists', message);
  });

  it('replaces personal data with placeholders', () => {
    expect(stateAfter(registered, renamed, erased)).toEqual({
      ...ada,
      name: '[erased]',
      email: '[erased]',
      phone: null,
      erasureRequestedBy: null,
    });
  });
});

describe('EraseCustomer where a second person is needed', () => {
  const eraseByFirst = eraseBy('first', true);
  const eraseBySecond = eraseBy('second', true);

  it('requests the erasure', () => {
    given(registered).when(eraseByFirst).then(requestedByFirst);
  });

  it('requests it again when the same person asks again', () => {
    given(registered, requestedByFirst).when(eraseByFirst).then(requestedByFirst);
  });

  it('erases the customer when another person asks', () => {
    given(registered, requestedByFirst).when(eraseBySecond).then(erased);
  });

  it('keeps the request when the customer changes', () => {
    const raised: CustomerEvent = { eventType: 'CreditLimitChanged', data: { creditLimit: 200_000 } };
    given(registered, requestedByFirst, renamed, raised).when(eraseByFirst).then(requestedByFirst);
    given(registered, requestedByFirst, renamed, raised).when(eraseBySecond).then(erased);
  });

  it('leaves the personal data as it is until then', () => {
    expect(stateAfter(registered, requestedByFirst)).toEqual({ ...ada, erasureRequestedBy: 'first' });
  });

  it.each([
    ['of a contact', contact({ name: 'Ada King' }), 'CustomerContactChanged'],
    ['of a credit limit', limit(1), 'CreditLimitChanged'],
  ])('does not prevent a change %s', (_what, command, eventType) => {
    const decision = decideCustomer(command, stateAfter(registered, requestedByFirst), {
      creditUsed: 0,
      erased: false,
    });
    expect(decision).toMatchObject({ outcome: 'accepted', event: { eventType } });
  });

  it('rejects a customer that is not registered', () => {
    given().when(eraseByFirst).thenRejected('customer-not-found', 'There is no customer ada.');
  });

  it('rejects a customer who was erased', () => {
    given(registered, requestedByFirst, erased)
      .when(eraseByFirst, { creditUsed: 0, erased: true })
      .thenRejected('customer-not-found', 'Customer ada was erased and can no longer be changed.');
  });
});
