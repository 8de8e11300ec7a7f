/** A text as a data URL (RFC 2397). */
const ENCODED = 'data:text/plain;charset=utf-8;base64,';

/**
 * Largest JSON string in bytes that is stored as it is. The largest event of a hub has 1 MB; as a JSON string it can take six times as
 * much, when it is made of control characters, and a document has at most 2 MB.
 */
const MAX_STRING_BYTES = 1_500_000;

/**
 * How a dead letter stores a body, so that it fits into a document whatever characters it has: the text itself, or a data URL with its
 * base64, which takes a third more than its UTF-8.
 */
export function toStoredEvent(body: string): string {
  const isSmall = Buffer.byteLength(JSON.stringify(body)) <= MAX_STRING_BYTES;
  return isSmall && !body.startsWith(ENCODED) ? body : ENCODED + Buffer.from(body).toString('base64');
}

/** The body that a dead letter has stored. */
export function fromStoredEvent(event: string): string {
  return event.startsWith(ENCODED) ? Buffer.from(event.slice(ENCODED.length), 'base64').toString() : event;
}
