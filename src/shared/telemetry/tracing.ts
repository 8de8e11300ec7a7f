import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  INVALID_SPAN_CONTEXT,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { Problem } from '../http/problem.ts';
import { toSpanContext, toTraceparent } from './traceparent.ts';

/**
 * The app's tracer; undefined while tracing is off, when nothing is recorded or allocated for spans. Not the global one of
 * OpenTelemetry: locally, one process runs several apps, and the spans of each must have the app's own `service.name`. Each app is
 * a bundle with its own copy of this module.
 */
let tracer: Tracer | undefined;

/** Starts or, without a provider, stops the recording of spans. */
export function setTracerProvider(provider: TracerProvider | undefined): void {
  tracer = provider?.getTracer('orders');
}

/** What callers get instead of a span while tracing is off. */
const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** The spans that share the work in progress: one, or one per event of a batch, each in its own trace. */
const SHARING = createContextKey('orders.spans');

/** Keeps instrumentations from recording the HTTP request inside of a database request: `suppressTracing` of @opentelemetry/core. */
const SUPPRESSED = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

export interface SpanSettings {
  readonly name: string;
  /** Default: internal. */
  readonly kind?: SpanKind;
  /** The parent: a span of another process, or `none` for the first span of a new trace. Default: the active span. */
  readonly parent?: { readonly traceparent: string | undefined } | 'none';
  /** Spans in other traces that this one continues. */
  readonly linksTo?: readonly (string | undefined)[];
  /** Not called while tracing is off. */
  readonly attributes?: () => Attributes;
}

/**
 * Runs work inside a span. An error that is the system's fault marks the span as failed; a refusal (a problem with a 4xx) does not.
 * Both are rethrown.
 */
export async function withSpan<Result>(settings: SpanSettings, work: (span: Span) => Promise<Result>): Promise<Result> {
  if (tracer === undefined) return work(NO_SPAN);
  return during([startSpan(tracer, settings, context.active())], ([span = NO_SPAN]) => work(span));
}

/**
 * Runs work that several spans share, for example one per event of a batch: requests to databases are recorded in each of them. The
 * list is not made, and the work gets no spans, while tracing is off.
 */
export async function withSpans<Result>(
  settings: () => readonly SpanSettings[],
  work: (spans: readonly Span[]) => Promise<Result>,
): Promise<Result> {
  if (tracer === undefined) return work([]);
  const active = context.active();
  const started: Span[] = [];
  for (const one of settings()) started.push(startSpan(tracer, one, active));
  return during(started, work);
}

/**
 * Runs a request to a database in a client span of each span that is active. Without one, nothing is recorded: requests of timers
 * would be traces of their own.
 * @param settings undefined: the request is not recorded
 * @param outcomeOf attributes of the answer; an `error.type` among them marks the span as failed
 */
export async function withRequestSpan<Answer>(
  settings: () => Pick<SpanSettings, 'name' | 'attributes'> | undefined,
  request: () => Promise<Answer>,
  outcomeOf: (answer: Answer) => Attributes = () => ({}),
): Promise<Answer> {
  const parents = tracer === undefined ? [] : activeSpans();
  const described = parents.length > 0 ? settings() : undefined;
  if (tracer === undefined || described === undefined) return request();
  const spans: Span[] = [];
  for (const parent of parents) {
    const within = trace.setSpan(context.active(), parent);
    spans.push(startSpan(tracer, { ...described, kind: SpanKind.CLIENT }, within));
  }
  return during(spans, async () => {
    const answer = await context.with(context.active().setValue(SUPPRESSED, true), request);
    const outcome = outcomeOf(answer);
    for (const span of spans) describe(span, outcome);
    return answer;
  });
}

/** Runs work as a part of a trace of another process, without a span of its own. */
export async function inTrace<Result>(traceparent: string | undefined, work: () => Promise<Result>): Promise<Result> {
  const parent = tracer === undefined ? undefined : toSpanContext(traceparent);
  if (parent === undefined) return work();
  return context.with(carrying([trace.wrapSpanContext(parent)]), work);
}

/** Adds attributes to the active span. They are not made while tracing is off. */
export function describeSpan(attributes: () => Attributes): void {
  const span = tracer === undefined ? undefined : trace.getActiveSpan();
  if (span?.isRecording()) span.setAttributes(attributes());
}

/** Sets attributes on a span. An `error.type` marks it as failed. */
export function describe(span: Span, attributes: Attributes): void {
  span.setAttributes(attributes);
  if (attributes['error.type'] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
}

/** W3C `traceparent` of the active span; undefined when there is none (https://www.w3.org/TR/trace-context/). */
export function currentTraceparent(): string | undefined {
  return toTraceparent(trace.getActiveSpan()?.spanContext());
}

function startSpan(
  by: Tracer,
  { name, kind = SpanKind.INTERNAL, linksTo = [], ...settings }: SpanSettings,
  active: Context,
) {
  const links = linksTo.flatMap((traceparent): Link[] => {
    const linked = toSpanContext(traceparent);
    return linked === undefined ? [] : [{ context: linked }];
  });
  return by.startSpan(name, { kind, links, attributes: settings.attributes?.() ?? {} }, parentOf(settings, active));
}

function parentOf({ parent }: Pick<SpanSettings, 'parent'>, active: Context): Context {
  if (parent === undefined) return active;
  const remote = parent === 'none' ? undefined : toSpanContext(parent.traceparent);
  return remote === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote);
}

async function during<Result>(
  spans: readonly Span[],
  work: (spans: readonly Span[]) => Promise<Result>,
): Promise<Result> {
  try {
    return await context.with(carrying(spans), () => work(spans));
  } catch (error) {
    for (const span of spans) describe(span, failureOf(error));
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
}

/** The context of work in these spans. Instrumentations of libraries see the first one as the active span. */
function carrying(spans: readonly Span[]): Context {
  const [first] = spans;
  if (first === undefined) return context.active();
  return trace.setSpan(context.active(), first).setValue(SHARING, spans);
}

function activeSpans(): readonly Span[] {
  const spans = context.active().getValue(SHARING);
  return Array.isArray(spans) ? spans : [];
}

/** How a span describes an error: without its message, which can quote data of a person. The log has it. */
function failureOf(error: unknown): Attributes {
  if (error instanceof Problem)
    return error.status >= 500 ? { 'error.type': error.code } : { 'cqrs.refusal': error.code };
  if (!(error instanceof Error)) return { 'error.type': typeof error };
  return { 'error.type': 'code' in error && typeof error.code === 'string' ? error.code : error.name };
}
