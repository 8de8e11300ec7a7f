import { SpanStatusCode } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../src/shared/http/problem.ts';
import { toTraceparent } from '../../../src/shared/telemetry/traceparent.ts';
import {
  currentTraceparent,
  describeSpan,
  inTrace,
  setTracerProvider,
  withRequestSpan,
  withSpan,
  withSpans,
} from '../../../src/shared/telemetry/tracing.ts';
import { recordSpans } from '../../support/recorded-spans.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

const spans = recordSpans();

describe('a span', () => {
  it('is the parent of the spans of its work', async () => {
    await withSpan({ name: 'outer' }, () => withSpan({ name: 'inner' }, async () => undefined));
    expect(spans.under(spans.named('outer'))).toEqual(['inner']);
  });

  it('continues a trace of another process', async () => {
    await withSpan({ name: 'continued', parent: { traceparent: TRACEPARENT } }, async () => undefined);
    const span = spans.named('continued');
    expect(span.spanContext().traceId).toBe(TRACE_ID);
    expect(span.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
  });

  it('starts a trace of its own for an invalid traceparent', async () => {
    await withSpan({ name: 'first', parent: { traceparent: 'junk' } }, async () => undefined);
    expect(spans.named('first').parentSpanContext).toBeUndefined();
  });

  it('starts a trace of its own inside another span when it has no parent', async () => {
    await withSpan({ name: 'outer' }, () => withSpan({ name: 'own', parent: 'none' }, async () => undefined));
    expect(spans.named('own').spanContext().traceId).not.toBe(spans.named('outer').spanContext().traceId);
  });

  it('links to valid traces only', async () => {
    await withSpan({ name: 'linked', linksTo: [TRACEPARENT, undefined, 'junk'] }, async () => undefined);
    expect(spans.named('linked').links.map(({ context }) => context.traceId)).toEqual([TRACE_ID]);
  });

  it('is not failed by a refusal, whose code it has', async () => {
    const refused = withSpan({ name: 'refused' }, () =>
      Promise.reject(new Problem('insufficient-stock', 'None left.')),
    );
    await expect(refused).rejects.toThrow('None left.');
    const { status, attributes } = spans.named('refused');
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(attributes).toEqual({ 'cqrs.refusal': 'insufficient-stock' });
  });

  it.each([
    ['a problem with a 5xx', new Problem('unavailable', 'Down.'), 'unavailable'],
    ['an error with a code', Object.assign(new Error('Down.'), { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['another error', new TypeError('Down.'), 'TypeError'],
  ])('is failed by %s, without its message', async (_what, error, type) => {
    await expect(withSpan({ name: 'failed' }, () => Promise.reject(error))).rejects.toBe(error);
    const { status, attributes, events } = spans.named('failed');
    expect(status).toEqual({ code: SpanStatusCode.ERROR });
    expect(attributes).toEqual({ 'error.type': type });
    expect(events).toEqual([]);
  });

  it('gets attributes from its work', async () => {
    await withSpan({ name: 'described' }, async () => describeSpan(() => ({ 'cqrs.version': 3 })));
    expect(spans.named('described').attributes).toEqual({ 'cqrs.version': 3 });
  });
});

describe('a request to a database', () => {
  const request = () =>
    withRequestSpan(
      () => ({ name: 'read' }),
      async () => 'answer',
    );

  it('has a span under each span that shares the work', async () => {
    const both = () => [{ name: 'one' }, { name: 'two' }];
    expect(await withSpans(both, request)).toBe('answer');
    expect(spans.under(spans.named('one'))).toEqual(['read']);
    expect(spans.under(spans.named('two'))).toEqual(['read']);
  });

  it('has a span under the innermost span only', async () => {
    const both = () => [{ name: 'one' }, { name: 'two' }];
    await withSpans(both, () => withSpan({ name: 'inner' }, request));
    expect(spans.under(spans.named('inner'))).toEqual(['read']);
  });

  it('has no span outside of every span, as in a timer', async () => {
    expect(await request()).toBe('answer');
    expect(spans.all()).toEqual([]);
  });

  it('is failed by an answer with an error', async () => {
    const failing = () =>
      withRequestSpan(
        () => ({ name: 'read' }),
        async () => 503,
        (status) => ({ 'error.type': `${status}` }),
      );
    await withSpan({ name: 'outer' }, failing);
    expect(spans.named('read').status.code).toBe(SpanStatusCode.ERROR);
    expect(spans.named('outer').status.code).toBe(SpanStatusCode.UNSET);
  });
});

it('work in the trace of another process continues it without a span', async () => {
  await inTrace(TRACEPARENT, () => withSpan({ name: 'inside' }, async () => undefined));
  expect(spans.all().map((span) => toTraceparent(span.parentSpanContext))).toEqual([TRACEPARENT]);
});

describe('while tracing is off', () => {
  beforeAll(() => setTracerProvider(undefined));
  afterAll(() => setTracerProvider(undefined));

  it('work runs without spans, and nothing is computed for them', async () => {
    const never = vi.fn(() => ({}));
    const answer = await withSpan({ name: 'off', attributes: never }, async () => {
      describeSpan(never);
      return withSpans(
        () => [{ name: String(never()) }],
        () =>
          withRequestSpan(
            () => ({ name: String(never()) }),
            async () => currentTraceparent() ?? 'none',
          ),
      );
    });
    expect(answer).toBe('none');
    expect(never).not.toHaveBeenCalled();
  });
});
