import * as z from 'zod';
import {
  type DataKeys,
  decryptEvent,
  type KeysOf,
  type NeededKey,
  neededKeyOf,
} from '../personal-data/event-encryption.ts';
import { EVENT_CONTRACTS, type EventEnvelope, type EventType, isEventType } from './envelope.ts';
import { upcast } from './upcasters.ts';

/** The result of decoding a body from a hub or the log. */
export type DecodedEvent =
  | { readonly kind: 'event'; readonly event: EventEnvelope }
  /** A type that this version does not know. Not an error: newer publishers may send it. */
  | { readonly kind: 'unknown'; readonly eventType: string }
  | { readonly kind: 'undecodable'; readonly reason: string };

const head = z.object({ eventType: z.string(), schemaVersion: z.unknown().optional() });

/** An event that was decoded, with the keys that it needed. Decoding it again with the same keys has the same result. */
export interface RememberedEvent {
  readonly needed: NeededKey | undefined;
  /** Undefined when the event needs no key. */
  readonly keys: DataKeys | undefined;
  readonly decoded: DecodedEvent;
}

/** The events that a process has decoded recently, by their bodies. */
export interface RememberedEvents {
  get(body: string): RememberedEvent | undefined;
  set(body: string, event: RememberedEvent): void;
}

const NOTHING_REMEMBERED: RememberedEvents = { get: () => undefined, set: () => undefined };

/**
 * Decodes events from a hub or the log, in order: see `decodeEvent`.
 * @param readKeys reads the customers' data keys that the events need, each once; its errors are rethrown
 * @param remembered events to reuse as long as their keys are the same; new ones are added to it
 */
export async function decodeEvents(
  bodies: readonly string[],
  readKeys: (needed: readonly NeededKey[]) => Promise<KeysOf>,
  remembered: RememberedEvents = NOTHING_REMEMBERED,
): Promise<readonly DecodedEvent[]> {
  const events = bodies.map((body) => {
    const known = remembered.get(body);
    if (known !== undefined) return { body, known, needed: known.needed };
    const json = parseJson(body);
    return { body, json, needed: neededKeyOf(json) };
  });
  const needed = events.flatMap((event) => event.needed ?? []);
  const distinct = new Map(
    needed.map(({ customerId, keyId }) => [JSON.stringify([customerId, keyId]), { customerId, keyId }]),
  );
  const keysOf: KeysOf = distinct.size === 0 ? () => 'unknown' : await readKeys([...distinct.values()]);
  return events.map(({ body, known, json, needed: key }) => {
    const keys = key && keysOf(key.customerId);
    if (known !== undefined && known.keys === keys) return known.decoded;
    const decoded = decode(known === undefined ? json : parseJson(body), keysOf);
    remembered.set(body, { needed: key, keys, decoded });
    return decoded;
  });
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
