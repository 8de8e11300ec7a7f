import { context, trace } from '@opentelemetry/api';
import { node, tracing } from '@opentelemetry/sdk-node';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { setTracerProvider } from '../../src/shared/telemetry/tracing.ts';

/** Spans of the tests in a file, as they are exported. */
export interface RecordedSpans {
  /** In the order in which they ended. */
  all(): readonly tracing.ReadableSpan[];
  /** The only span with this name. */
  named(name: string): tracing.ReadableSpan;
  /** Names of the spans under a span. */
  under(parent: tracing.ReadableSpan): readonly string[];
}

/** Turns tracing on for the tests of a file. Each test starts without spans. */
export function recordSpans(): RecordedSpans {
  const exporter = new tracing.InMemorySpanExporter();
  beforeAll(() => {
    const provider = new node.NodeTracerProvider({ spanProcessors: [new tracing.SimpleSpanProcessor(exporter)] });
    provider.register({ propagator: null }); // also lets the active span follow asynchronous calls
    setTracerProvider(provider);
  });
  beforeEach(() => exporter.reset());
  afterAll(() => {
    setTracerProvider(undefined);
    trace.disable();
    context.disable();
  });
  const all = () => exporter.getFinishedSpans();
  return {
    all,
    named: (name) => {
      const [span, ...others] = all().filter((one) => one.name === name);
      if (span === undefined || others.length > 0) throw new Error(`${1 + others.length} spans are called ${name}.`);
      return span;
    },
    under: (parent) =>
      all()
        .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent.spanContext().spanId)
        .map(({ name }) => name),
  };
}
