import { z } from 'zod';
import { type EventEnvelope, personalFieldsOfEvent } from '../events/envelope.ts';
import type { Chance } from '../runtime.ts';
import { encryptedPersonalData } from './encrypted-data.ts';
import { joinPersonal, splitPersonal } from './personal-fields.ts';
import { type SealedHead, seal, sealedHead, unseal } from './sealing.ts';

/**
 * A customer's data key, or why there is none. `destroyed`: the customer was erased (crypto-shredding). `unknown`: the key is missing
 * or damaged. The two must not be confused, because an erasure is final.
 */
export type DataKey = Buffer | 'destroyed' | 'unknown';
export type KeyOf = (customerId: string) => DataKey;

const encryptedEvent = sealedHead.extend({ personal: encryptedPersonalData });
type EncryptedEvent = Readonly<z.output<typeof encryptedEvent>>;
/** Finds the customer whose key is needed; the rest is validated when the event is decrypted. */
const encryptedOf = z.object({ personal: z.object({ customerId: z.string().min(1) }) });
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

/** The customer whom an event is about, and whose key encrypts its personal data. Undefined for an event of a product. */
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
 * @param key the data key of the event's customer; when it was destroyed, the personal data is dropped
 */
export function encryptEvent(
  event: EventEnvelope,
  key: Buffer | 'destroyed',
  chance: Pick<Chance, 'randomBytes'>,
): string {
  const { clear, personal } = splitEvent(event);
  const customerId = customerOfEvent(event);
  if (personal === undefined || customerId === undefined || key === 'destroyed') return JSON.stringify(clear);
  const stored = sealedHead.parse(clear);
  const ciphertext = seal(personal, stored, { customerId, key, chance });
  return JSON.stringify({ ...stored, personal: { customerId, ciphertext } });
}

/** The customer whose key decrypts an event; undefined when the event is not encrypted. */
export function encryptedFor(event: unknown): string | undefined {
  return encryptedOf.safeParse(event).data?.personal.customerId;
}

/**
 * Decrypts the personal data of an event. When the customer's key was destroyed, the placeholders stay. An event that is not
 * encrypted is returned unchanged. Throws when the key is unknown or wrong, when it is the key of a customer whom the event is not
 * about, or when the event was tampered with.
 */
export function decryptEvent(event: unknown, keyOf: KeyOf): unknown {
  const parsed = encryptedEvent.safeParse(event);
  if (!parsed.success) return event;
  const { personal, ...clear } = parsed.data;
  if ((storedOwner.safeParse(clear).data ?? personal.customerId) !== personal.customerId) {
    throw new Error('its personal data is encrypted with the key of another customer');
  }
  const key = keyOf(personal.customerId);
  if (key === 'destroyed') return clear;
  if (key === 'unknown') throw new Error(`the data key of customer ${personal.customerId} is unknown`);
  return joinPersonal(clear, decryptParts(personal, clear, key));
}

function decryptParts({ ciphertext, customerId }: EncryptedEvent['personal'], clear: SealedHead, key: Buffer) {
  try {
    return personalFields.parse(unseal(ciphertext, clear, customerId, key));
  } catch (cause) {
    throw new Error('its personal data cannot be decrypted with the data key of the customer', { cause });
  }
}

function splitEvent(event: EventEnvelope) {
  const fields = personalFieldsOfEvent(event.eventType);
  return fields === undefined ? { clear: event, personal: undefined } : splitPersonal(event, fields);
}
