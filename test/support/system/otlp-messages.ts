import protobuf from 'protobufjs';
import { z } from 'zod';

/**
 * The parts of OTLP that tests read, from https://github.com/open-telemetry/opentelemetry-proto: the decoder skips all other fields. The
 * messages of traces and of metrics have the same shape and numbers down to the spans and the metrics.
 */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message AnyValue {
    oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; }
  }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message Link { bytes trace_id = 1; bytes span_id = 2; }
  message Status { int32 code = 3; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
    repeated KeyValue attributes = 9; repeated Link links = 13; Status status = 15;
  }
  message ScopeSpans { repeated Span spans = 2; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
  message NumberDataPoint { oneof value { double as_double = 4; sfixed64 as_int = 6; } repeated KeyValue attributes = 7; }
  message Gauge { repeated NumberDataPoint data_points = 1; }
  message Sum { repeated NumberDataPoint data_points = 1; }
  message Metric { string name = 1; oneof data { Gauge gauge = 5; Sum sum = 7; } }
  message ScopeMetrics { repeated Metric metrics = 2; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
  message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
`);

const attributes = z
  .array(
    z.object({
      key: z.string(),
      value: z.object({
        stringValue: z.string().optional(),
        boolValue: z.boolean().optional(),
        intValue: z.number().optional(),
        doubleValue: z.number().optional(),
      }),
    }),
  )
  .default([])
  .transform((list) =>
    Object.fromEntries(
      list.map(({ key, value }) => [key, value.stringValue ?? value.boolValue ?? value.intValue ?? value.doubleValue]),
    ),
  );

const resource = z.object({ attributes }).transform((found) => String(found.attributes['service.name']));

const id = z.base64().transform((text) => Buffer.from(text, 'base64').toString('hex'));

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUSES = ['unset', 'ok', 'error'] as const;

const span = z.object({
  name: z.string(),
  kind: z.int().transform((kind) => KINDS[kind]),
  traceId: id,
  spanId: id,
  parentSpanId: id.optional(),
  attributes,
  links: z.array(z.object({ traceId: id, spanId: id })).default([]),
  status: z
    .object({ code: z.int().default(0) })
    .default({ code: 0 })
    .transform(({ code }) => STATUSES[code]),
});

/** A span, with the `service.name` of the app that exported it. */
export type ExportedSpan = z.output<typeof span> & { readonly service: string };

const traces = z.object({
  resourceSpans: z
    .array(z.object({ resource, scopeSpans: z.array(z.object({ spans: z.array(span).default([]) })) }))
    .default([]),
});

const points = z
  .object({
    dataPoints: z
      .array(
        z.object({ attributes, asDouble: z.number().optional(), asInt: z.number().optional() }).transform((point) => ({
          attributes: point.attributes,
          value: point.asDouble ?? point.asInt ?? 0,
        })),
      )
      .default([]),
  })
  .default({ dataPoints: [] });

const metric = z.object({ name: z.string(), gauge: points, sum: points });

const metrics = z.object({
  resourceMetrics: z
    .array(z.object({ resource, scopeMetrics: z.array(z.object({ metrics: z.array(metric).default([]) })) }))
    .default([]),
});

/** A measurement of a counter or gauge. Histograms have a name only, with the value 0. */
export interface ExportedMeasurement {
  readonly service: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value: number;
}

function decode(type: string, body: Uint8Array): unknown {
  const message = root.lookupType(type);
  return message.toObject(message.decode(body), { longs: Number, bytes: String });
}

/** The spans of a protobuf-encoded ExportTraceServiceRequest. */
export function decodeSpans(body: Uint8Array): readonly ExportedSpan[] {
  const { resourceSpans } = traces.parse(decode('ExportTraceServiceRequest', body));
  return resourceSpans.flatMap(({ resource: service, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map((one) => ({ ...one, service }))),
  );
}

/** The measurements of a protobuf-encoded ExportMetricsServiceRequest. */
export function decodeMeasurements(body: Uint8Array): readonly ExportedMeasurement[] {
  const { resourceMetrics } = metrics.parse(decode('ExportMetricsServiceRequest', body));
  return resourceMetrics.flatMap(({ resource: service, scopeMetrics }) =>
    scopeMetrics.flatMap((scope) =>
      scope.metrics.flatMap(({ name, gauge, sum }) => {
        const measured = [...gauge.dataPoints, ...sum.dataPoints];
        const all = measured.length > 0 ? measured : [{ attributes: {}, value: 0 }];
        return all.map((point) => ({ service, name, ...point }));
      }),
    ),
  );
}
