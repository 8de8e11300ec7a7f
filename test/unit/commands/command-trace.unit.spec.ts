import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/commands/functions.ts';
import { publishAfterCommit } from '../../../src/commands/outbox/publish-after-commit.ts';
import { relayOutbox } from '../../../src/commands/outbox/relay.ts';
import { authorize, createCommandBus } from '../../../src/commands/pipeline/command-bus.ts';
import type { HandleDependencies } from '../../../src/commands/pipeline/handle-command.ts';
import { telemetry } from '../../../src/commands/pipeline/telemetry.ts';
import type { OutboxEvent } from '../../../src/commands/write-store/outbox.ts';
import type { CommitOutcome } from '../../../src/commands/write-store/write-store.ts';
import { PROBLEMS } from '../../../src/shared/http/problem.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { envelopeOf, SETTINGS } from '../../support/commands/command-bus.ts';
import { testMasterKey } from '../../support/events/personal-data.ts';
import { recordSpans } from '../../support/recorded-spans.ts';

const spans = recordSpans();

const ADD_PRODUCT = envelopeOf({
  type: 'AddProduct',
  data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 1, currency: 'USD' },
});

/** Dispatches the command to a store whose commits have these outcomes, one after the other. */
async function dispatch(
  publish: HandleDependencies['publish'],
  outcomes: readonly CommitOutcome[] = [{ outcome: 'committed' }],
): Promise<void> {
  const left = outcomes.values();
  const commit = async () => left.next().value ?? { outcome: 'conflict' as const };
  const store = { load: async () => ({ products: [], syncLags: [] }), commit };
  const runtime = { ...systemRuntime, delay: async () => undefined };
  const dependencies = { store, publish, masterKey: testMasterKey, settings: SETTINGS, runtime };
  await createCommandBus(commands, dependencies, [telemetry(runtime), authorize]).dispatch(ADD_PRODUCT);
}

const EVENT = {
  'cqrs.aggregate_type': 'Product',
  'cqrs.aggregate_id': 'lamp',
  'cqrs.version': 1,
  'cqrs.event_type': 'ProductAdded',
};

describe('the trace of a command', () => {
  it('shows each step', async () => {
    await dispatch(() => {});
    expect(spans.under(spans.named('AddProduct'))).toEqual(['load', 'decide', 'encrypt', 'commit']);
    expect(spans.named('AddProduct').attributes).toMatchObject({
      ...EVENT,
      'cqrs.correlation_id': 'correlation-1',
      'cqrs.outcome': 'accepted',
    });
  });

  it('shows each attempt after a lost race', async () => {
    await dispatch(() => {}, [{ outcome: 'conflict' }, { outcome: 'committed' }]);
    const commits = spans.all().filter(({ name }) => name === 'commit');
    expect(commits.map(({ attributes }) => attributes['cqrs.outcome'])).toEqual(['conflict', 'committed']);
  });

  it('does not fail when the command is refused', async () => {
    const refused = dispatch(() => {}, []);
    await expect(refused).rejects.toThrow();
    const { status, attributes } = spans.named('AddProduct');
    expect(attributes['cqrs.refusal']).toBe('concurrent-update');
    expect(PROBLEMS['concurrent-update'][0]).toBe(409);
    expect(status).toEqual({ code: 0 });
  });
});

describe('an event belongs to the trace of its command', () => {
  const marked = { markPublished: async () => undefined, recordRefusals: async () => [] };

  it('when it is published right after the commit', async () => {
    const { publish, flush } = publishAfterCommit({ send: async () => 'sent' }, marked, () => {}, systemRuntime);
    await dispatch(publish);
    await flush();
    expect(spans.under(spans.named('AddProduct'))).toContain('publish order-events');
    expect(spans.named('publish order-events').attributes).toMatchObject({
      ...EVENT,
      'messaging.system': 'eventhubs',
      'messaging.destination.name': 'order-events',
      'messaging.operation.type': 'send',
    });
  });

  it('when the relay publishes it after a failure', async () => {
    const lost: OutboxEvent[] = [];
    await dispatch((events) => lost.push(...events));
    const outbox = { ...marked, claim: async () => lost };
    const settings = {
      owner: 'relay',
      leaseMs: 10_000,
      olderThanMs: 0,
      batchSize: 10,
      batchCharacters: 1_000_000,
      warn: () => {},
    };

    await relayOutbox(outbox, { send: async () => 'sent' }, settings, systemRuntime);

    expect(spans.under(spans.named('AddProduct'))).toContain('publish order-events');
  });

  it('when the hub does not take it, which marks the span as failed', async () => {
    const { publish, flush } = publishAfterCommit({ send: async () => 'failed' }, marked, () => {}, systemRuntime);
    await dispatch(publish);
    await flush();
    expect(spans.named('publish order-events')).toMatchObject({
      status: { code: 2 },
      attributes: { 'error.type': 'failed' },
    });
  });
});
