/** An event as the hub keeps it: encoded once, ready to be sent to any number of readers. */

import type { Typed } from 'rhea';
import rhea from 'rhea';
import { dataSections, type IncomingEvent } from './message-batch.ts';
import { encode } from './rhea-access.ts';

/** An event kept in a hub, decoded for assertions. */
export interface StoredEvent {
  readonly partitionId: string;
  readonly sequenceNumber: number;
  readonly partitionKey?: string;
  readonly body: Buffer;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly enqueuedTime: Date;
}

/** Where and when an event was appended. */
export interface EventPlace {
  readonly sequenceNumber: number;
  readonly offset: string;
  /** Milliseconds since 1970. */
  readonly enqueuedAt: number;
}

export interface LogEntry extends EventPlace {
  readonly header: Buffer;
  /** Message annotations, those of the service included, and the bare message. */
  readonly message: Buffer;
}

/**
 * Offsets grow faster than sequence numbers, as in the service where they count bytes, so that code which takes one
 * for the other fails here too.
 */
export const OFFSET_PER_EVENT = 16;

export function offsetOf(sequenceNumber: number): string {
  return String(sequenceNumber * OFFSET_PER_EVENT);
}

const DELIVERY_ANNOTATIONS = 0x71;
const MESSAGE_ANNOTATIONS = 0x72;
const PARTITION_KEY = 'x-opt-partition-key';

/** @returns the event with the service's annotations (https://azure.github.io/amqpnetlite/articles/azure_eventhubs.html) */
export function entryFor(event: IncomingEvent, place: EventPlace): LogEntry {
  const annotations = annotationSection(MESSAGE_ANNOTATIONS, {
    ...event.annotations,
    'x-opt-sequence-number': rhea.types.wrap_long(place.sequenceNumber),
    'x-opt-offset': place.offset,
    'x-opt-enqueued-time': rhea.types.wrap_timestamp(place.enqueuedAt),
  });
  // Copies, so that keeping an event does not keep the whole batch it came in.
  return { ...place, header: Buffer.from(event.header), message: Buffer.concat([annotations, event.bareMessage]) };
}

/**
 * @param entry the event to deliver
 * @param newest the partition's newest event, for a reader that asked for com.microsoft:enable-receiver-runtime-metric
 * @returns the encoded message
 */
export function delivered(entry: LogEntry, newest?: EventPlace): Buffer {
  if (newest === undefined) return Buffer.concat([entry.header, entry.message]);
  const metrics = annotationSection(DELIVERY_ANNOTATIONS, {
    last_enqueued_sequence_number: rhea.types.wrap_long(newest.sequenceNumber),
    last_enqueued_offset: newest.offset,
    last_enqueued_time_utc: rhea.types.wrap_timestamp(newest.enqueuedAt),
    runtime_info_retrieval_time_utc: rhea.types.wrap_timestamp(Date.now()),
  });
  return Buffer.concat([entry.header, metrics, entry.message]);
}

/** @returns the event's partition key, if it was sent with one */
export function partitionKeyOf(event: IncomingEvent): string | undefined {
  const key: unknown = event.annotations[PARTITION_KEY]?.value;
  return typeof key === 'string' ? key : undefined;
}

/** @returns the event decoded; a body that is not binary data (an AMQP value or sequence) comes out empty */
export function decoded(entry: LogEntry, partitionId: string): StoredEvent {
  const message = rhea.message.decode(entry.message);
  const partitionKey: unknown = message.message_annotations[PARTITION_KEY];
  return {
    partitionId,
    sequenceNumber: entry.sequenceNumber,
    ...(typeof partitionKey === 'string' && { partitionKey }),
    body: Buffer.concat(dataSections(entry.message)),
    properties: message.application_properties ?? {},
    enqueuedTime: new Date(entry.enqueuedAt),
  };
}

function annotationSection(code: number, annotations: Readonly<Record<string, unknown>>): Buffer {
  const section: Typed = rhea.types.described(rhea.types.wrap_ulong(code), rhea.types.wrap_symbolic_map(annotations));
  return encode(section);
}
