import { describe, expect, it } from 'vitest';
import { changeCustomerContact } from '../../../src/commands/customers/change-customer-contact.ts';
import { envelopeOf, SETTINGS, type SentCommand } from '../../support/commands/command-bus.ts';

const prepareAs = (as: SentCommand['as']) => () =>
  changeCustomerContact.prepare(
    envelopeOf({ type: 'ChangeCustomerContact', on: 'ada', data: { phone: null }, ...(as && { as }) }),
    SETTINGS,
  );

describe('the contact details of a customer', () => {
  it.each<[string, SentCommand['as']]>([
    ['that customer', { customer: 'ada' }],
    ['an admin', 'admin'],
  ])('can be changed by %s', (_who, as) => {
    expect(prepareAs(as)).not.toThrow();
  });

  it.each<[string, SentCommand['as']]>([
    ['another customer', { customer: 'grace' }],
    ['a customer without a customer id', 'customer'],
  ])('belong to a customer who does not exist for %s', (_who, as) => {
    expect(prepareAs(as)).toThrow(expect.objectContaining({ code: 'customer-not-found' }));
  });
});
