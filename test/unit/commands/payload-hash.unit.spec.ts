import { describe, expect, it } from 'vitest';
import type { CommandEnvelope } from '../../../src/commands/pipeline/command.ts';
import { payloadHash } from '../../../src/commands/pipeline/payload-hash.ts';

const ENVELOPE: CommandEnvelope = {
  commandId: 'command-1',
  commandType: 'PlaceOrder',
  aggregateId: 'order-1',
  data: { customerId: 'ada', items: [{ productId: 'lamp', quantity: 1 }], nothing: null },
  expectedVersion: undefined,
  actor: { userId: 'ada', roles: new Set(['customer']), customerId: 'ada' },
  newAggregateId: 'order-2',
  receivedAt: '2026-01-15T10:30:00.000Z',
  correlationId: 'correlation-1',
  traceparent: undefined,
  source: 'http',
};

const hash = (change: Partial<CommandEnvelope>) => payloadHash({ ...ENVELOPE, ...change });

describe('two requests have the same payload hash', () => {
  it('when their JSON keys are in a different order', () => {
    const data = { nothing: null, items: [{ quantity: 1, productId: 'lamp' }], customerId: 'ada' };
    expect(hash({ data })).toBe(hash({}));
  });

  it('when they were sent at different times', () => {
    const later = { receivedAt: '2026-01-15T11:00:00.000Z', correlationId: 'correlation-2', traceparent: 'another' };
    expect(hash(later)).toBe(hash({}));
  });
});

describe('two requests have different payload hashes', () => {
  it.each<[string, Partial<CommandEnvelope>]>([
    ['idempotency key', { commandId: 'command-2' }],
    ['command type', { commandType: 'CreateOrder' }],
    ['aggregate', { aggregateId: 'order-2' }],
    ['caller', { actor: { ...ENVELOPE.actor, userId: 'grace' } }],
    ['data', { data: { customerId: 'grace' } }],
    ['order of a list', { data: { items: [2, 1] } }],
  ])('when they differ in the %s', (_what, change) => {
    const before = { data: { items: [1, 2] } };
    expect(hash(change)).not.toBe(hash('data' in change ? before : {}));
  });
});
