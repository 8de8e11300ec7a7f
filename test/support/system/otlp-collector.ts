import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { decodeMeasurements, decodeSpans, type ExportedMeasurement, type ExportedSpan } from './otlp-messages.ts';

/** Collects what an OpenTelemetry SDK exports with OTLP over HTTP, encoded as protobuf, which is the default. */
export interface OtlpCollector {
  /** Settings that make an app export to it shortly after each span and measurement. */
  readonly settings: Readonly<Record<string, string>>;
  readonly spans: readonly ExportedSpan[];
  /** Names of the metrics. */
  readonly metrics: ReadonlySet<string>;
  /** The newest measurements, by app, metric and attributes. */
  measurements(name: string): readonly ExportedMeasurement[];
  close(): Promise<void>;
}

export async function startOtlpCollector(): Promise<OtlpCollector> {
  const spans: ExportedSpan[] = [];
  const metrics = new Set<string>();
  const newest = new Map<string, ExportedMeasurement>();
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    if (request.url === '/v1/traces') spans.push(...decodeSpans(body));
    else {
      for (const measured of decodeMeasurements(body)) {
        metrics.add(measured.name);
        newest.set(JSON.stringify([measured.service, measured.name, measured.attributes]), measured);
      }
    }
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The collector listens on no port.');
  return {
    settings: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${address.port}`,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_METRIC_EXPORT_INTERVAL: '200',
      OTEL_METRIC_EXPORT_TIMEOUT: '200',
    },
    spans,
    metrics,
    measurements: (name) => [...newest.values()].filter((measured) => measured.name === name),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
