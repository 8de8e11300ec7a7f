import { buffer } from 'node:stream/consumers';
import avro from 'avsc';
import { CAPTURE_SCHEMA } from '../../src/shared/lake/capture-schema.ts';
import type { StoredEvent } from './stored-event.ts';

/** An event with its offset in the partition. */
export interface CapturedEvent extends StoredEvent {
  readonly offset: string;
}

/** Encodes events as an Avro object container file (https://avro.apache.org/docs/current/specification/#object-container-files). */
export async function encodeCapture(events: readonly CapturedEvent[]): Promise<Buffer> {
  const encoder = new avro.streams.BlockEncoder(CAPTURE_SCHEMA, { codec: 'deflate', writeHeader: 'always' });
  const encoded = buffer(encoder);
  for (const event of events) encoder.write(recordOf(event));
  encoder.end();
  return encoded;
}

function recordOf({ sequenceNumber, offset, enqueuedTime, partitionKey, properties, body }: CapturedEvent) {
  return {
    SequenceNumber: sequenceNumber,
    Offset: offset,
    EnqueuedTimeUtc: captureTime(enqueuedTime),
    SystemProperties: partitionKey === undefined ? {} : { 'x-opt-partition-key': { string: partitionKey } },
    Properties: Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, inUnion(value)])),
    Body: body,
  };
}

/** As in the service's files: `11/27/2026 8:05:09 AM`. */
function captureTime(time: Date): string {
  const [date, clock] = [
    { day: 'numeric', month: 'numeric', year: 'numeric' } as const,
    { hour: 'numeric', minute: '2-digit', second: '2-digit', hour12: true } as const,
  ].map((format) => new Intl.DateTimeFormat('en-US', { ...format, timeZone: 'UTC' }).format(time));
  return `${date} ${clock?.replaceAll('\u202f', ' ')}`;
}

/** A value in the union that the schema has for properties. avsc wraps a value with its type where a union has two types of numbers. */
function inUnion(value: unknown) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isInteger(value) ? { long: value } : { double: value };
  if (Buffer.isBuffer(value)) return { bytes: value };
  return { string: String(value) };
}
