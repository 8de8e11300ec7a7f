import * as z from 'zod';
import { decryptEvent, type KeysOf, type NeededKey, neededKeyOf } from '../personal-data/event-encryption.ts';
import { EVENT_CONTRACTS, type EventEnvelope, type EventType, isEventType } from './envelope.ts';
import { upcast } from './upcasters.ts';

/** The result of decoding a body from a hub or the log. */
export type DecodedEvent =
  | { readonly kind: 'event'; readonly event: EventEnvelope }
  /** A type that this version does not know. Not an error: newer publishers may send it. */
  | { readonly kind: 'unknown'; readonly eventType: string }
  | { readonly kind: 'undecodable'; readonly reason: string };

const head = z.object({ eventType: z.string(), schemaVersion: z.unknown().optional() });

/**
 * Decodes events from a hub or the log, in order: see `decodeEvent`.
 * @param readKeys reads the customers' data keys that the events need, each once; its errors are rethrown
 */
export async function decodeEvents(
  bodies: readonly string[],
  readKeys: (needed: readonly NeededKey[]) => Promise<KeysOf>,
): Promise<readonly DecodedEvent[]> {
  const events = bodies.map(parseJson);
  const needed = events.flatMap((event) => neededKeyOf(event) ?? []);
  const distinct = new Map(
    needed.map(({ customerId, keyId }) => [JSON.stringify([customerId, keyId]), { customerId, keyId }]),
  );
  const keysOf: KeysOf = distinct.size === 0 ? () => 'unknown' : await readKeys([...distinct.values()]);
  return events.map((event) => decode(event, keysOf));
}

/**
 * Decodes an event from a hub or the log: decrypts its personal data and upcasts it to the current version of its type. Never throws,
 * because one bad event must not block the events around it. A version newer than the current one is undecodable: skipping it would
 * lose a change of a known type.
 */
export function decodeEvent(body: string, keysOf: KeysOf): DecodedEvent {
  return decode(parseJson(body), keysOf);
}

function decode(event: unknown, keysOf: KeysOf): DecodedEvent {
  let json: unknown;
  try {
    json = decryptEvent(event, keysOf);
  } catch (error) {
    return { kind: 'undecodable', reason: error instanceof Error ? error.message : String(error) };
  }
  const parsedHead = head.safeParse(json);
  if (!parsedHead.success) return { kind: 'undecodable', reason: 'it is not a JSON object with an eventType' };
  const { eventType, schemaVersion } = parsedHead.data;
  const contract = EVENT_CONTRACTS.get(eventType);
  if (contract === undefined || !isEventType(eventType)) return { kind: 'unknown', eventType };
  const upcasted = upcast(eventType, schemaVersion, json);
  if (upcasted.kind === 'invalid') return undecodable(eventType, upcasted.reason);
  const parsed = contract.parser.safeParse(upcasted.event);
  if (parsed.success) return { kind: 'event', event: parsed.data };
  return undecodable(eventType, z.prettifyError(parsed.error));
}

/** Maximum length of a reason in UTF-16 code units: a large event can have an issue in each of its parts. */
const MAX_REASON_LENGTH = 2_000;

function undecodable(eventType: EventType, reason: string): DecodedEvent {
  const whole = `it is not a valid ${eventType}: ${reason}`;
  return { kind: 'undecodable', reason: whole.slice(0, MAX_REASON_LENGTH).toWellFormed() };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
