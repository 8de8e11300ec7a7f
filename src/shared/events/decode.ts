import { z } from 'zod';
import { type KeyOf, openEvent, sealedFor } from '../personal-data/event-encryption.ts';
import { type EventEnvelope, type EventType, eventSchemas, isEventType } from './envelope.ts';
import { upcast } from './upcasters.ts';

/** What a body taken from a hub turns out to be. */
export type DecodedEvent =
  | { readonly kind: 'event'; readonly event: EventEnvelope }
  /** A type that this version does not know: newer publishers may send it, so it is no error. */
  | { readonly kind: 'unknown'; readonly eventType: string }
  | { readonly kind: 'undecodable'; readonly reason: string };

const head = z.object({ eventType: z.string(), schemaVersion: z.unknown().optional() });

/**
 * Decodes events from a hub or the log, one for each body, in order: see `decodeEvent`.
 * @param keysOf the data keys of customers whose events are among them; what it throws is thrown
 */
export async function decodeEvents(
  bodies: readonly string[],
  keysOf: (customerIds: readonly string[]) => Promise<KeyOf>,
): Promise<readonly DecodedEvent[]> {
  const events = bodies.map(parseJson);
  const customerIds = new Set(events.flatMap((event) => sealedFor(event) ?? []));
  const keyOf: KeyOf = customerIds.size === 0 ? () => 'unknown' : await keysOf([...customerIds]);
  return events.map((event) => decode(event, keyOf));
}

/**
 * Decodes an event from a hub or the log: opens what was sealed, and brings it up to the current version of its type. Never
 * throws: whatever was sent to the hub, the events around it must go on. A version newer than the current one is undecodable,
 * since skipping a change of a known kind would lose it.
 */
export function decodeEvent(body: string, keyOf: KeyOf): DecodedEvent {
  return decode(parseJson(body), keyOf);
}

function decode(event: unknown, keyOf: KeyOf): DecodedEvent {
  let json: unknown;
  try {
    json = openEvent(event, keyOf);
  } catch (error) {
    return { kind: 'undecodable', reason: error instanceof Error ? error.message : String(error) };
  }
  const parsedHead = head.safeParse(json);
  if (!parsedHead.success) return { kind: 'undecodable', reason: 'it is not a JSON object with an eventType' };
  const { eventType, schemaVersion } = parsedHead.data;
  const schema = eventSchemas.get(eventType);
  if (schema === undefined || !isEventType(eventType)) return { kind: 'unknown', eventType };
  const upcasted = upcast(eventType, schemaVersion, json);
  if (upcasted.kind === 'invalid') return undecodable(eventType, upcasted.reason);
  const parsed = schema.safeParse(upcasted.event);
  if (parsed.success) return { kind: 'event', event: parsed.data };
  return undecodable(eventType, z.prettifyError(parsed.error));
}

function undecodable(eventType: EventType, reason: string): DecodedEvent {
  return { kind: 'undecodable', reason: `it is no valid ${eventType}: ${reason}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
