import {
  context,
  isSpanContextValid,
  propagation,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/**
 * Looked up on each use: the local host loads three bundles, and a tracer that was created before the SDK started is updated only in
 * the bundle that started it.
 */
const tracer = () => trace.getTracer('orders');

/** A trace context of version 00, the only version so far (https://www.w3.org/TR/trace-context/#traceparent-header). */
const TRACEPARENT = /^00-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;

/** The trace context of a request; undefined when it is absent or invalid. */
export function validTraceparent(sent: string | null | undefined): string | undefined {
  return sent && TRACEPARENT.test(sent) ? sent : undefined;
}

/** W3C `traceparent` of the active span; undefined when there is none (https://www.w3.org/TR/trace-context/). */
export function currentTraceparent(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

export interface SpanSettings {
  readonly name: string;
  readonly kind: SpanKind;
  /** The parent span, from another process. */
  readonly traceparent?: string | undefined;
  readonly attributes?: Record<string, string | number>;
}

function parentOf({ traceparent }: SpanSettings) {
  return traceparent === undefined ? context.active() : propagation.extract(context.active(), { traceparent });
}

/** Records a span that started at `startedAt` and ends now. */
export function recordSpan(settings: SpanSettings, startedAt: Date): void {
  const { name, kind, attributes = {} } = settings;
  tracer().startSpan(name, { kind, attributes, startTime: startedAt }, parentOf(settings)).end();
}

/** Runs work inside a span. An error marks the span as failed and is rethrown. */
export async function withSpan<Result>(settings: SpanSettings, work: (span: Span) => Promise<Result>): Promise<Result> {
  const { name, kind, attributes = {} } = settings;
  return tracer().startActiveSpan(name, { kind, attributes }, parentOf(settings), async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      if (error instanceof Error) span.recordException(error);
      throw error;
    } finally {
      span.end();
    }
  });
}
