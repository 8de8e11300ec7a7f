import { z } from 'zod';
import { type EventEnvelope, personalFieldsOfEvent } from '../events/envelope.ts';
import { decrypt, encrypt } from './cipher.ts';
import { encryptedPersonalData } from './encrypted-data.ts';
import { joinPersonal, splitPersonal } from './personal-fields.ts';

/**
 * A customer's data key, or why there is none. `destroyed`: the customer was erased (crypto-shredding). `unknown`: no working key is
 * known here. The two must not be confused, because an erasure is final.
 */
export type DataKey = Buffer | 'destroyed' | 'unknown';
export type KeyOf = (customerId: string) => DataKey;

const encryptedEvent = z.looseObject({ eventId: z.string(), personal: encryptedPersonalData });
/** Enough to tell whose key is needed; the rest is checked when the event is decrypted. */
const encryptedOf = z.object({ personal: z.object({ customerId: z.string().min(1) }) });
const personalParts = z.record(z.string(), z.record(z.string(), z.unknown()));

/** True when an event holds personal data, so that it must not be stored in clear. */
export function hasPersonalData(event: EventEnvelope): boolean {
  return splitEvent(event).personal !== undefined;
}

/**
 * The event as JSON as it is stored and published: placeholders replace the personal fields, which follow encrypted. Null stays null.
 * Without the key the event belongs to nobody known.
 * @param key the customer's data key; when it was destroyed, the personal data are dropped
 */
export function encryptEvent(event: EventEnvelope, customerId: string, key: Buffer | 'destroyed'): string {
  const { open, personal } = splitEvent(event);
  if (personal === undefined || key === 'destroyed') return JSON.stringify(open);
  const ciphertext = encrypt(JSON.stringify(personal), key, event.eventId);
  return JSON.stringify({ ...z.looseObject({}).parse(open), personal: { customerId, ciphertext } });
}

/** The customer whose key decrypts an event; undefined when it is not encrypted. */
export function encryptedFor(event: unknown): string | undefined {
  return encryptedOf.safeParse(event).data?.personal.customerId;
}

/**
 * The event with its personal data, or with placeholders when the customer's key was destroyed. An event that is not encrypted is
 * returned as it is. Throws when the key is unknown or wrong, or when the event was tampered with.
 */
export function decryptEvent(event: unknown, keyOf: KeyOf): unknown {
  const parsed = encryptedEvent.safeParse(event);
  if (!parsed.success) return event;
  const { personal, ...open } = parsed.data;
  const key = keyOf(personal.customerId);
  if (key === 'destroyed') return open;
  if (key === 'unknown') throw new Error(`no data key of customer ${personal.customerId} is known`);
  return joinPersonal(open, decryptParts(personal.ciphertext, key, open.eventId));
}

function decryptParts(ciphertext: string, key: Buffer, eventId: string): z.output<typeof personalParts> {
  try {
    return personalParts.parse(JSON.parse(decrypt(ciphertext, key, eventId)));
  } catch (cause) {
    throw new Error('its personal data do not open with the data key of the customer', { cause });
  }
}

function splitEvent(event: EventEnvelope) {
  const fields = personalFieldsOfEvent(event.eventType);
  return fields === undefined ? { open: event, personal: undefined } : splitPersonal(event, fields);
}
