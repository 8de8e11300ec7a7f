import { isSpanContextValid, type SpanContext, TraceFlags } from '@opentelemetry/api';

/** A trace context of version 00, the only version so far (https://www.w3.org/TR/trace-context/#traceparent-header). */
const TRACEPARENT = /^00-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})$/;

/** The trace context of a request; undefined when it is absent or invalid. */
export function validTraceparent(sent: string | null | undefined): string | undefined {
  return sent && TRACEPARENT.test(sent) ? sent : undefined;
}

/** The span that a `traceparent` names; undefined when it is absent or invalid. */
export function toSpanContext(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
}

/** The `traceparent` of a span; undefined when there is none. */
export function toTraceparent(span: SpanContext | undefined): string | undefined {
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}
