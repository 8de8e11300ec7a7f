import { z } from 'zod';
import { type EventEnvelope, eventSchemas } from './envelope.ts';

/** What a body taken from a hub turns out to be. */
export type DecodedEvent =
  | { readonly kind: 'event'; readonly event: EventEnvelope }
  /** A type that this version does not know: newer publishers may send it, so it is no error. */
  | { readonly kind: 'unknown'; readonly eventType: string }
  | { readonly kind: 'undecodable'; readonly reason: string };

const head = z.object({ eventType: z.string() });

/** Decodes an event from a hub. Never throws: whatever was sent to the hub, the events around it must go on. */
export function decodeEvent(body: string): DecodedEvent {
  const json = parseJson(body);
  const parsedHead = head.safeParse(json);
  if (!parsedHead.success) return { kind: 'undecodable', reason: 'it is not a JSON object with an eventType' };
  const { eventType } = parsedHead.data;
  const schema = eventSchemas.get(eventType);
  if (schema === undefined) return { kind: 'unknown', eventType };
  const parsed = schema.safeParse(json);
  if (parsed.success) return { kind: 'event', event: parsed.data };
  return { kind: 'undecodable', reason: `it is no valid ${eventType}: ${z.prettifyError(parsed.error)}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
