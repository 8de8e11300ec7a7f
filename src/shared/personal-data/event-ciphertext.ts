import * as z from 'zod';
import type { Chance } from '../runtime.ts';
import { decrypt, encrypt } from './cipher.ts';
import { ERASED } from './placeholders.ts';

/** The part of an event to which its personal data is bound: its identity, and the fields that contain a placeholder. */
export const eventContext = z.looseObject({
  eventId: z.string(),
  eventType: z.string(),
  aggregateType: z.string(),
  aggregateId: z.string(),
  version: z.number(),
});
export type EventContext = Readonly<z.output<typeof eventContext>>;

/** Prefix of a ciphertext that is bound to the whole context. Ciphertexts without a prefix are bound to the event's id alone. */
const PREFIX = 'v2:';

interface EventKey {
  readonly customerId: string;
  /** The customer's data key, 32 bytes. */
  readonly key: Buffer;
  readonly chance: Pick<Chance, 'randomBytes'>;
}

/**
 * Encrypts personal data for one event of one customer.
 * @param event the event as it is stored, with placeholders
 * @returns the prefix of the scheme, and base64
 */
export function encryptForEvent(personal: unknown, event: EventContext, { customerId, key, chance }: EventKey): string {
  return PREFIX + encrypt(JSON.stringify(personal), key, contextOf(event, customerId), chance);
}

/** True when a ciphertext is bound to its event and its customer, so that no other event can contain it. */
export function isBoundToEvent(ciphertext: string): boolean {
  return ciphertext.startsWith(PREFIX);
}

/** Decrypts personal data. Throws when it was encrypted with another key, for another event or customer, or for other fields. */
export function decryptForEvent(ciphertext: string, event: EventContext, customerId: string, key: Buffer): unknown {
  const text = isBoundToEvent(ciphertext)
    ? decrypt(ciphertext.slice(PREFIX.length), key, contextOf(event, customerId))
    : decrypt(ciphertext, key, event.eventId);
  return JSON.parse(text);
}

/** The additional authenticated data. JSON keeps the parts apart, whatever characters the ids have. */
function contextOf(event: EventContext, customerId: string): string {
  const { eventId, eventType, aggregateType, aggregateId, version } = event;
  const fields: string[] = [];
  collectPlaceholders(event, [], fields);
  fields.sort();
  return JSON.stringify([customerId, aggregateType, aggregateId, version, eventType, eventId, fields]);
}

/** Adds the paths of the fields that contain a placeholder, such as `["order","customerName"]` in JSON. `path` is left as it was. */
function collectPlaceholders(value: object, path: string[], found: string[]): void {
  for (const [name, field] of Object.entries(value)) {
    if (field === ERASED) found.push(JSON.stringify([...path, name]));
    if (typeof field !== 'object' || field === null) continue;
    path.push(name);
    collectPlaceholders(field, path, found);
    path.pop();
  }
}
