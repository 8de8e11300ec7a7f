import * as z from 'zod';
import { type EventEnvelope, personalFieldsOfEvent } from '../events/envelope.ts';
import type { Chance } from '../runtime.ts';
import { encryptedPersonalData } from './encrypted-data.ts';
import {
  decryptForEvent,
  type EventContext,
  encryptForEvent,
  eventContext,
  isBoundToEvent,
} from './event-ciphertext.ts';
import { joinPersonal, splitPersonal } from './personal-fields.ts';

/** A data key of a customer. */
export interface DataKey {
  readonly keyId: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/**
 * A customer's data keys, or why there are none. `destroyed`: the customer was erased (crypto-shredding). `unknown`: the keys are
 * missing or damaged. The two must not be confused, because an erasure is final.
 */
export type DataKeys = readonly DataKey[] | 'destroyed' | 'unknown';
export type KeysOf = (customerId: string) => DataKeys;

const encryptedEvent = eventContext.extend({ personal: encryptedPersonalData });
type EncryptedEvent = Readonly<z.output<typeof encryptedEvent>>;
/** What finding the key needs; the rest is validated when the event is decrypted. */
const encryptedOf = z.object({
  personal: z.object({ customerId: z.string().min(1), keyId: z.string().optional() }),
});
const personalFields = z.record(z.string(), z.unknown());
/** The customer whom a stored event is about. */
const storedOwner = z.union([
  z
    .object({ aggregateType: z.literal('Order'), order: z.object({ customerId: z.string() }) })
    .transform(({ order }) => order.customerId),
  z
    .object({ aggregateType: z.literal('Customer'), aggregateId: z.string() })
    .transform(({ aggregateId }) => aggregateId),
]);

/** The customer whom an event is about, and whose key encrypts its personal data. Undefined for an event that is about nobody. */
export function customerOfEvent(event: EventEnvelope): string | undefined {
  switch (event.aggregateType) {
    case 'Order':
      return event.order.customerId;
    case 'Customer':
      return event.aggregateId;
    case 'Product':
      return undefined;
  }
}

/**
 * Serializes an event as it is stored and published: placeholders replace the personal fields, and `personal` contains them encrypted.
 * Null stays null. Without the key, the event identifies nobody.
 * @param dataKey the newest data key of the event's customer; when it was destroyed, the personal data is dropped
 */
export function encryptEvent(
  event: EventEnvelope,
  dataKey: DataKey | 'destroyed',
  chance: Pick<Chance, 'randomBytes'>,
): string {
  const { clear, personal } = splitEvent(event);
  const customerId = customerOfEvent(event);
  if (personal === undefined || customerId === undefined || dataKey === 'destroyed') return JSON.stringify(clear);
  const stored = eventContext.parse(clear);
  const { keyId, key } = dataKey;
  const ciphertext = encryptForEvent(personal, stored, { customerId, key, chance });
  return JSON.stringify({ ...stored, personal: { customerId, keyId, ciphertext } });
}

/** The data key that decrypts an event. Events of version 0.1.0 do not name one of the customer's keys. */
export interface NeededKey {
  readonly customerId: string;
  readonly keyId?: string | undefined;
}

/** The data key that decrypts an event; undefined when the event is not encrypted. */
export function neededKeyOf(event: unknown): NeededKey | undefined {
  return hasPersonalData(event) ? encryptedOf.safeParse(event).data?.personal : undefined;
}

/** False for an event that is not encrypted. This check is much cheaper than a validation that fails. */
const hasPersonalData = (event: unknown): boolean => typeof event === 'object' && event !== null && 'personal' in event;

/**
 * Decrypts the personal data of an event. When the customer's key was destroyed, the placeholders stay. An event that is not
 * encrypted is returned unchanged. Throws when the key is unknown or wrong, when it is the key of a customer whom the event is not
 * about, or when the event was tampered with.
 */
export function decryptEvent(event: unknown, keysOf: KeysOf): unknown {
  const parsed = hasPersonalData(event) ? encryptedEvent.safeParse(event) : undefined;
  if (!parsed?.success) return event;
  const { personal, ...clear } = parsed.data;
  requireOwner(clear, personal);
  const keys = keysOf(personal.customerId);
  if (keys === 'destroyed') return clear;
  const candidates = keys === 'unknown' ? [] : keys.filter(({ keyId }) => keyId === (personal.keyId ?? keyId));
  if (candidates.length === 0) throw new Error(`the data key of customer ${personal.customerId} is unknown`);
  return joinPersonal(clear, decryptFields(personal, clear, candidates));
}

/**
 * Throws unless an event is about the customer whose key encrypts its personal data. An event of an unknown type may be about a customer in
 * a way that this version does not know: then its ciphertext must be bound to both.
 */
function requireOwner(clear: EventContext, { customerId, ciphertext }: EncryptedEvent['personal']): void {
  const owner = storedOwner.safeParse(clear).data;
  if (owner === undefined && !isBoundToEvent(ciphertext)) {
    throw new Error('it contains encrypted personal data but is about no customer');
  }
  if (owner !== undefined && owner !== customerId) {
    throw new Error('its personal data is encrypted with the key of another customer');
  }
}

/** Decrypts with the first key that fits. */
function decryptFields(
  { ciphertext, customerId }: EncryptedEvent['personal'],
  clear: EventContext,
  keys: readonly DataKey[],
) {
  const causes: unknown[] = [];
  for (const { key } of keys) {
    try {
      return personalFields.parse(decryptForEvent(ciphertext, clear, customerId, key));
    } catch (cause) {
      causes.push(cause);
    }
  }
  throw new Error('its personal data cannot be decrypted with the data key of the customer', { cause: causes[0] });
}

function splitEvent(event: EventEnvelope) {
  const fields = personalFieldsOfEvent(event.eventType);
  return fields === undefined ? { clear: event, personal: undefined } : splitPersonal(event, fields);
}
