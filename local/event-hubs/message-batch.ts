/**
 * What a producer sends: one event, or a batch whose data sections each hold an encoded event.
 * Sources: AMQP 1.0 part 3.2 (message format); `eventHubSender` of `@azure/event-hubs` (batches).
 */
import type { Typed } from 'rhea';
import rhea from 'rhea';
import { AmqpRefusal, condition } from './amqp-refusal.ts';
import { decode } from './rhea-access.ts';

/** The message format that says "a batch of events" on a transfer. */
export const BATCH_FORMAT = 0x80013700;

const SECTION = { header: 0x70, deliveryAnnotations: 0x71, messageAnnotations: 0x72, properties: 0x73 } as const;

/** An event as it came in. The bare message is immutable in AMQP, so its bytes are passed on untouched. */
export interface IncomingEvent {
  readonly header: Buffer;
  /** Message annotations by name, with their AMQP types. */
  readonly annotations: Readonly<Record<string, Typed>>;
  /** Properties, application properties, body and footer, encoded. */
  readonly bareMessage: Buffer;
}

/**
 * @param payload the transferred message, encoded
 * @param format the transfer's message format: {@link BATCH_FORMAT} for a batch, any other for one event
 * @throws {AmqpRefusal} amqp:decode-error when the bytes are no such message
 */
export function readEvents(payload: Buffer, format: number): readonly IncomingEvent[] {
  try {
    return format === BATCH_FORMAT ? dataSections(payload).map(splitSections) : [splitSections(payload)];
  } catch (error) {
    throw new AmqpRefusal(condition.decodeError, `The message cannot be decoded: ${String(error)}`);
  }
}

/** @returns the content of the message's data sections, one after the other (AMQP 1.0 part 3.2.6) */
export function dataSections(encoded: Buffer): readonly Buffer[] {
  const { body } = rhea.message.decode(encoded);
  const content: unknown = body?.content;
  return [content].flat().filter((section) => Buffer.isBuffer(section));
}

/** @returns the event's `message-id` if it is a string (AMQP 1.0 part 3.2.4: the first field of the properties) */
export function messageIdOf({ bareMessage }: IncomingEvent): string | undefined {
  if (bareMessage.length === 0) return undefined;
  const { code, valueAt } = descriptorAt(bareMessage, 0);
  if (code !== SECTION.properties) return undefined;
  const [first]: readonly (Typed | undefined)[] = decode(bareMessage.subarray(valueAt)).value ?? [];
  return typeof first?.value === 'string' ? first.value : undefined;
}

function splitSections(encoded: Buffer): IncomingEvent {
  let header: Buffer = Buffer.alloc(0);
  let annotations: IncomingEvent['annotations'] = {};
  let offset = 0;
  while (offset < encoded.length) {
    const { code, valueAt } = descriptorAt(encoded, offset);
    if (code > SECTION.messageAnnotations) break;
    const section = encoded.subarray(offset, valueAt + compoundLength(encoded, valueAt));
    // Delivery annotations are meant for the next hop alone, so the client's end here (AMQP 1.0 part 3.2.2).
    if (code === SECTION.header) header = section;
    if (code === SECTION.messageAnnotations) annotations = mapEntries(decode(section));
    offset += section.length;
  }
  return { header, annotations, bareMessage: encoded.subarray(offset) };
}

/** The value of an encoded map is a list of alternating keys and values (AMQP 1.0 part 1.6.23). */
function mapEntries({ value: items }: Typed): Readonly<Record<string, Typed>> {
  const entries: [string, Typed][] = [];
  for (let index = 0; index + 1 < items.length; index += 2) entries.push([items[index].value, items[index + 1]]);
  return Object.fromEntries(entries);
}

/** Section descriptors are ulongs, small (0x53) or full (0x80): AMQP 1.0 part 1.2 and 1.6.10. */
function descriptorAt(encoded: Buffer, offset: number): { readonly code: number; readonly valueAt: number } {
  const typeCode = encoded.readUInt16BE(offset);
  if (typeCode === 0x0053) return { code: encoded.readUInt8(offset + 2), valueAt: offset + 3 };
  if (typeCode === 0x0080) return { code: Number(encoded.readBigUInt64BE(offset + 2)), valueAt: offset + 10 };
  throw new Error(`no section starts at byte ${offset}`);
}

/** Length in bytes of a list or map with its type code: AMQP 1.0 part 1.2.3. */
function compoundLength(encoded: Buffer, offset: number): number {
  const typeCode = encoded.readUInt8(offset);
  switch (typeCode) {
    case 0x45:
      return 1;
    case 0xc0:
    case 0xc1:
      return 2 + encoded.readUInt8(offset + 1);
    case 0xd0:
    case 0xd1:
      return 5 + encoded.readUInt32BE(offset + 1);
    default:
      throw new Error(`neither a list nor a map: 0x${typeCode.toString(16)}`);
  }
}
