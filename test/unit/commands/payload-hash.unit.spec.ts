import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/commands/functions.ts';
import { payloadHash } from '../../../src/commands/pipeline/payload-hash.ts';
import { envelopeOf, SETTINGS, type SentCommand } from '../../support/commands/command-bus.ts';
import { ADDRESS } from '../../support/commands/commits.ts';

const LAMP = { productId: 'lamp', quantity: 1 };
const DRAFT = { customerId: 'ada', items: [LAMP, { productId: 'desk', quantity: 2 }], shippingAddress: ADDRESS };
/** The id of the new order is generated. */
const CREATE_ANY: SentCommand = { type: 'CreateOrder', data: DRAFT, commandId: 'command-1' };
const CREATE: SentCommand = { ...CREATE_ANY, on: 'order-1' };

/** The hash of a request with this command. */
function hashOf(command: SentCommand): string {
  const envelope = envelopeOf(command);
  const prepared = commands.find(({ type }) => type === command.type)?.prepare(envelope, SETTINGS);
  if (prepared === undefined) throw new Error(`There is no command ${command.type}.`);
  return payloadHash(envelope, prepared);
}

const removing = (line: unknown): SentCommand => ({
  ...{ type: 'RemoveLine', on: 'order-1', commandId: 'command-1' },
  data: { line },
});

describe('two requests have the same payload hash', () => {
  const { customerId, items, shippingAddress } = DRAFT;
  it.each<[string, SentCommand, SentCommand]>([
    ['their JSON keys are in a different order', CREATE, { ...CREATE, data: { shippingAddress, items, customerId } }],
    ['they were sent at different times', CREATE, { ...CREATE, at: '2026-01-15T11:00:00.000Z' }],
    ['the id of the new order is in the data', CREATE, { ...CREATE_ANY, data: { ...DRAFT, orderId: 'order-1' } }],
    ['the ids of their new orders are generated', CREATE_ANY, CREATE_ANY],
    ['the number of a line is text, as in a route', removing(1), removing('1')],
    ['the number of a line begins with zeros', removing(1), removing('01')],
    [
      'a name has spaces at its ends',
      CREATE,
      { ...CREATE, data: { ...DRAFT, shippingAddress: { ...ADDRESS, city: ` ${ADDRESS.city} ` } } },
    ],
  ])('when %s', (_what, one, other) => {
    expect(hashOf(other)).toBe(hashOf(one));
  });
});

describe('two requests have different payload hashes', () => {
  it.each<[string, Partial<SentCommand>]>([
    ['idempotency key', { commandId: 'command-2' }],
    ['command type', { type: 'PlaceOrder' }],
    ['aggregate', { on: 'order-2' }],
    ['caller', { as: { admin: 'another' } }],
    ['data', { data: { ...DRAFT, customerId: 'grace' } }],
    ['order of a list', { data: { ...DRAFT, items: DRAFT.items.toReversed() } }],
  ])('when they differ in the %s', (_what, change) => {
    expect(hashOf({ ...CREATE, ...change })).not.toBe(hashOf(CREATE));
  });

  it('when only one contains the id of its new order', () => {
    expect(hashOf(CREATE_ANY)).not.toBe(hashOf(CREATE));
  });
});
