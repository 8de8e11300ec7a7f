import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { EventEnvelope } from '../events/envelope.ts';
import { decrypt, encrypt } from './cipher.ts';
import { ERASED, ERASED_ADDRESS } from './placeholders.ts';

/** Fields that tell who someone is, by the part of a customer's or an order's event that they stand in. */
const PERSONAL_FIELDS = {
  /** A reason is free text: people write about themselves there. */
  data: ['name', 'email', 'phone', 'shippingAddress', 'reason'],
  order: ['customerName', 'customerEmail', 'customerPhone', 'shippingAddress'],
  customer: ['name', 'email', 'phone'],
} as const;
const PARTS = Object.entries(PERSONAL_FIELDS);

/** What a sealed event has besides: the fields that placeholders stand for, encrypted under the customer's data key. */
export const sealedPersonalData = z
  .strictObject({
    customerId: z.string().min(1),
    ciphertext: z
      .base64()
      .describe(
        'AES-256-GCM over {data?, order?, customer?}: initialization vector (12 bytes), ciphertext, tag (16 bytes).',
      ),
  })
  .describe(
    'The fields that "[erased]" stands for in this event; whoever holds the data key of the customer can read them.',
  );

/**
 * The data key of a customer, or why there is none: it was destroyed, since they were erased, or nobody here knows a key that
 * works. The two must not be taken for one another: what is erased once stays so.
 */
export type DataKey = Buffer | 'destroyed' | 'unknown';
export type KeyOf = (customerId: string) => DataKey;

type Fields = Record<string, unknown>;
const sealed = z.looseObject({ eventId: z.string(), personal: sealedPersonalData });
/** Enough to tell whose key is needed; the rest is looked at when the event is opened. */
const sealedOf = z.object({ personal: z.object({ customerId: z.string().min(1) }) });
const personalParts = z.record(z.string(), z.record(z.string(), z.unknown()));

/** True when an event holds anything of a person that it must not be stored with. */
export function isPersonal(event: Pick<EventEnvelope, 'aggregateType'>): boolean {
  return PARTS.some(([part, names]) => Object.keys(personalIn(event, part, names)).length > 0);
}

/**
 * The event's JSON as it is stored and published: placeholders stand where personal data were, which follow encrypted. What was
 * null stays null. Without the key, it is the event of somebody unknown; when that is destroyed already, nothing follows.
 */
export function sealEvent(event: EventEnvelope, customerId: string, key: Buffer | 'destroyed'): string {
  const open: Fields = { ...event };
  const personal: Record<string, Fields> = {};
  for (const [part, names] of PARTS) {
    const fields = personalIn(event, part, names);
    if (Object.keys(fields).length === 0) continue;
    personal[part] = fields;
    const placeholders = Object.keys(fields).map((name) => [name, placeholderFor(name)]);
    open[part] = { ...partOf(event, part), ...Object.fromEntries(placeholders) };
  }
  if (key === 'destroyed') return JSON.stringify(open);
  const ciphertext = encrypt(JSON.stringify(personal), key, event.eventId);
  return JSON.stringify({ ...open, personal: { customerId, ciphertext } });
}

/** Whose key opens an event; undefined when it is not sealed. */
export function sealedFor(event: unknown): string | undefined {
  return sealedOf.safeParse(event).data?.personal.customerId;
}

/**
 * The event with its personal data, or with placeholders for good when the customer's key was destroyed. What is not sealed
 * comes back as it is. Throws when the key is unknown or does not fit, or the event was tampered with.
 */
export function openEvent(event: unknown, keyOf: KeyOf): unknown {
  const parsed = sealed.safeParse(event);
  if (!parsed.success) return event;
  const { personal, ...open } = parsed.data;
  const key = keyOf(personal.customerId);
  if (key === 'destroyed') return open;
  if (key === 'unknown') throw new Error(`no data key of customer ${personal.customerId} is known`);
  const parts = partsIn(personal.ciphertext, key, open.eventId);
  const opened = Object.entries(parts).map(([part, fields]) => [part, { ...partOf(open, part), ...fields }]);
  return { ...open, ...Object.fromEntries(opened) };
}

function partsIn(ciphertext: string, key: Buffer, eventId: string): z.output<typeof personalParts> {
  try {
    return personalParts.parse(JSON.parse(decrypt(ciphertext, key, eventId)));
  } catch (cause) {
    throw new Error('its personal data do not open with the data key of the customer', { cause });
  }
}

/** The personal fields of one part of an event that hold something, and no placeholder. A product's name is no person's. */
function personalIn(event: object, part: string, names: readonly string[]): Fields {
  if (Reflect.get(event, 'aggregateType') === 'Product') return {};
  const fields = partOf(event, part);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = fields[name];
      return value === undefined || value === null || isPlaceholder(value) ? [] : [[name, value]];
    }),
  );
}

function partOf(event: object, part: string): Fields {
  const fields: unknown = Reflect.get(event, part);
  return typeof fields === 'object' && fields !== null ? { ...fields } : {};
}

const placeholderFor = (name: string): unknown => (name === 'shippingAddress' ? ERASED_ADDRESS : ERASED);

/** The whole value: an address of which one line says the same is somebody's. */
const isPlaceholder = (value: unknown): boolean =>
  isDeepStrictEqual(value, ERASED) || isDeepStrictEqual(value, ERASED_ADDRESS);
