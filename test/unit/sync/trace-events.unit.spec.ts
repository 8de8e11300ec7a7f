import { SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB } from '../../../src/shared/event-hubs/hub.ts';
import { toTraceparent } from '../../../src/shared/telemetry/traceparent.ts';
import { inTrace, withRequestSpan } from '../../../src/shared/telemetry/tracing.ts';
import type { PoisonEvent } from '../../../src/sync/dead-letters/dead-letters.ts';
import type { DecodedEvent } from '../../../src/sync/projector/group.ts';
import { traceEvents } from '../../../src/sync/projector/trace-events.ts';
import { orderEvent } from '../../support/events/order-lives.ts';
import { recordSpans } from '../../support/recorded-spans.ts';

const spans = recordSpans();

const traceparent = (digit: number) => `00-${String(digit).repeat(32)}-${String(digit).repeat(16)}-01`;

/** Events of different commands, with the sequence numbers 1, 2, … */
const eventsOf = (...orderIds: readonly string[]): readonly DecodedEvent[] =>
  orderIds.map((orderId, index) => ({
    body: '',
    partitionId: '0',
    sequenceNumber: index + 1,
    event: { ...orderEvent(orderId, 1), traceparent: traceparent(index + 1) },
  }));

async function handle(hub: string | undefined, events: readonly DecodedEvent[], poison: readonly PoisonEvent[] = []) {
  const concerns = ({ aggregateId }: DecodedEvent['event']) => aggregateId !== 'of-no-interest';
  await traceEvents(events, { operation: 'project', readModel: 'order_search', hub, concerns }, async () => {
    await withRequestSpan(
      () => ({ name: 'write' }),
      async () => undefined,
    );
    return poison;
  });
}

const projected = () => spans.all().filter(({ name }) => name === 'project order_search');
const parents = () => projected().map(({ parentSpanContext }) => toTraceparent(parentSpanContext));

describe('a live batch', () => {
  it('has a span per event in the trace of its command, each with the requests of the batch', async () => {
    await handle(ORDER_EVENTS_HUB, eventsOf('order-1', 'order-2'));

    expect(parents()).toEqual([traceparent(1), traceparent(2)]);
    expect(projected().map((span) => spans.under(span))).toEqual([['write'], ['write']]);
    expect(projected().map(({ attributes }) => attributes)).toMatchObject([
      { 'cqrs.aggregate_id': 'order-1', 'messaging.batch.message_count': 2 },
      { 'cqrs.aggregate_id': 'order-2', 'messaging.batch.message_count': 2 },
    ]);
  });

  it('has no span for an event that does not concern the read model', async () => {
    await handle(ORDER_EVENTS_HUB, eventsOf('order-1', 'of-no-interest'));
    expect(parents()).toEqual([traceparent(1)]);
  });

  it('marks the span of a poison event as failed, and no other', async () => {
    await handle(ORDER_EVENTS_HUB, eventsOf('order-1', 'order-2'), [
      { body: '', partitionId: '0', sequenceNumber: 2, reason: 'the projection failed' },
    ]);
    expect(projected().map(({ status }) => status.code)).toEqual([SpanStatusCode.UNSET, SpanStatusCode.ERROR]);
  });
});

describe.each([
  ['a batch of a replay', ORDER_EVENTS_REPLAY_HUB],
  ['a dead letter', undefined],
])('%s', (_what, hub) => {
  it('has one span in the active trace, with links to the traces of the commands', async () => {
    await inTrace(traceparent(7), () => handle(hub, eventsOf('order-1', 'order-2')));

    expect(parents()).toEqual([traceparent(7)]);
    const links = projected().flatMap((span) => span.links.map(({ context }) => toTraceparent(context)));
    expect(links).toEqual([traceparent(1), traceparent(2)]);
  });

  it('has no span when no event concerns the read model', async () => {
    await inTrace(traceparent(7), () => handle(hub, eventsOf('of-no-interest')));
    expect(projected()).toEqual([]);
  });
});
