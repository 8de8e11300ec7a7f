import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

const attributes = z
  .array(z.object({ key: z.string(), value: z.object({ stringValue: z.string() }).partial() }))
  .transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, value.stringValue])));

const span = z.object({
  name: z.string(),
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  attributes,
});
export type ExportedSpan = z.output<typeof span>;

/** The parts of an export that are looked at: https://github.com/open-telemetry/opentelemetry-proto (JSON encoding). */
const exported = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(span) })) })).default([]),
  resourceMetrics: z
    .array(z.object({ scopeMetrics: z.array(z.object({ metrics: z.array(z.object({ name: z.string() })) })) }))
    .default([]),
});

/** Takes what an OpenTelemetry SDK exports with OTLP over HTTP. */
export interface OtlpCollector {
  /** Settings by which an app exports to it, soon after each span and measurement. */
  readonly settings: Readonly<Record<string, string>>;
  readonly spans: readonly ExportedSpan[];
  readonly metrics: ReadonlySet<string>;
  close(): Promise<void>;
}

export async function startOtlpCollector(): Promise<OtlpCollector> {
  const spans: ExportedSpan[] = [];
  const metrics = new Set<string>();
  const server = createServer(async (request, response) => {
    const { resourceSpans, resourceMetrics } = exported.parse(await json(request));
    for (const { scopeSpans } of resourceSpans) spans.push(...scopeSpans.flatMap((scope) => scope.spans));
    for (const { scopeMetrics } of resourceMetrics) {
      for (const { name } of scopeMetrics.flatMap((scope) => scope.metrics)) metrics.add(name);
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The collector listens on no port.');
  return {
    settings: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${address.port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_METRIC_EXPORT_INTERVAL: '200',
      OTEL_METRIC_EXPORT_TIMEOUT: '200',
    },
    spans,
    metrics,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
