import { z } from 'zod';
import { type EventEnvelope, personalFieldsOfEvent } from '../events/envelope.ts';
import type { Chance } from '../runtime.ts';
import { decrypt, encrypt } from './cipher.ts';
import { encryptedPersonalData } from './encrypted-data.ts';
import { joinPersonal, splitPersonal } from './personal-fields.ts';

/**
 * A customer's data key, or why there is none. `destroyed`: the customer was erased (crypto-shredding). `unknown`: the key is missing
 * or damaged. The two must not be confused, because an erasure is final.
 */
export type DataKey = Buffer | 'destroyed' | 'unknown';
export type KeyOf = (customerId: string) => DataKey;

const encryptedEvent = z.looseObject({ eventId: z.string(), personal: encryptedPersonalData });
/** Finds the customer whose key is needed; the rest is validated when the event is decrypted. */
const encryptedOf = z.object({ personal: z.object({ customerId: z.string().min(1) }) });
const personalParts = z.record(z.string(), z.record(z.string(), z.unknown()));

/** True when an event contains personal data, so that it must be stored encrypted. */
export function hasPersonalData(event: EventEnvelope): boolean {
  return splitEvent(event).personal !== undefined;
}

/**
 * Serializes an event as it is stored and published: placeholders replace the personal fields, and `personal` contains them encrypted.
 * Null stays null. Without the key, the event identifies nobody.
 * @param key the customer's data key; when it was destroyed, the personal data is dropped
 */
export function encryptEvent(
  event: EventEnvelope,
  customerId: string,
  key: Buffer | 'destroyed',
  chance: Pick<Chance, 'randomBytes'>,
): string {
  const { clear, personal } = splitEvent(event);
  if (personal === undefined || key === 'destroyed') return JSON.stringify(clear);
  const ciphertext = encrypt(JSON.stringify(personal), key, event.eventId, chance);
  return JSON.stringify({ ...z.looseObject({}).parse(clear), personal: { customerId, ciphertext } });
}

/** The customer whose key decrypts an event; undefined when the event is not encrypted. */
export function encryptedFor(event: unknown): string | undefined {
  return encryptedOf.safeParse(event).data?.personal.customerId;
}

/**
 * Decrypts the personal data of an event. When the customer's key was destroyed, the placeholders stay. An event that is not
 * encrypted is returned unchanged. Throws when the key is unknown or wrong, or when the event was tampered with.
 */
export function decryptEvent(event: unknown, keyOf: KeyOf): unknown {
  const parsed = encryptedEvent.safeParse(event);
  if (!parsed.success) return event;
  const { personal, ...clear } = parsed.data;
  const key = keyOf(personal.customerId);
  if (key === 'destroyed') return clear;
  if (key === 'unknown') throw new Error(`the data key of customer ${personal.customerId} is unknown`);
  return joinPersonal(clear, decryptParts(personal.ciphertext, key, clear.eventId));
}

function decryptParts(ciphertext: string, key: Buffer, eventId: string): z.output<typeof personalParts> {
  try {
    return personalParts.parse(JSON.parse(decrypt(ciphertext, key, eventId)));
  } catch (cause) {
    throw new Error('its personal data cannot be decrypted with the data key of the customer', { cause });
  }
}

function splitEvent(event: EventEnvelope) {
  const fields = personalFieldsOfEvent(event.eventType);
  return fields === undefined ? { clear: event, personal: undefined } : splitPersonal(event, fields);
}
