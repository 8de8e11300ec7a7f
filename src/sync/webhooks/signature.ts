import { createHmac } from 'node:crypto';

/**
 * The scheme is that of Standard Webhooks, version 1:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */

/** Prefix of a secret that is base64. */
const SECRET_PREFIX = 'whsec_';

/** The key of a secret: the bytes in its base64, or else its text as UTF-8. */
export function keyOf(secret: string): Buffer {
  return secret.startsWith(SECRET_PREFIX)
    ? Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
    : Buffer.from(secret);
}

/** True for a secret with the prefix whose rest is not base64. */
export function isMalformedSecret(secret: string): boolean {
  if (!secret.startsWith(SECRET_PREFIX)) return false;
  return !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(secret.slice(SECRET_PREFIX.length));
}

/** A message to sign. */
export interface Message {
  /** The same for every attempt and every replay, so that the receiver can recognize duplicates. */
  readonly id: string;
  /** When it is sent, in milliseconds since 1970. The receiver refuses old ones, so that nobody can send a recorded one again. */
  readonly sentAt: number;
  readonly body: string;
}

/**
 * The headers of a message: its id, the time in whole seconds, and one signature (HMAC-SHA256) for each secret.
 * @param secrets the current secret, and the previous one while it is being changed
 */
export function signedHeaders({ id, sentAt, body }: Message, secrets: readonly string[]): Record<string, string> {
  const timestamp = String(Math.floor(sentAt / 1000));
  const signatures = secrets.map((secret) => {
    const hmac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`);
    return `v1,${hmac.digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
