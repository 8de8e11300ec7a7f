import { lookup as dnsLookup } from 'node:dns';
import { request as httpsRequest } from 'node:https';
import type { Clock } from '../../shared/runtime.ts';
import { AddressRefused, addressIn, checkedLookup, isPublicAddress, type Resolve } from './public-address.ts';

/** The result of an attempt to deliver a message. */
export type PostOutcome =
  | { readonly kind: 'delivered'; readonly status: number }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly status?: number;
      /** The partner wants no further attempt before this time, in milliseconds since 1970. */
      readonly notBefore?: number;
    };

export interface PostedMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a message to a partner. Never rejects. */
export type PostMessage = (message: PostedMessage) => Promise<PostOutcome>;

export interface PostOptions {
  /** Whether addresses that are not public are allowed, for receivers on a developer's machine. */
  readonly allowPrivateAddresses: boolean;
  /** Default: the resolver of the system. */
  readonly resolve?: Resolve;
  /** The certificates of authorities to trust, in PEM. Default: those of Node. */
  readonly ca?: string;
}

/** Time (ms) for an attempt, from the resolution of the name to the end of the response. */
export const ATTEMPT_LIMIT_MS = 10_000;
/** Maximum bytes of a response to read. Its content is ignored; a usual response is shorter. */
const MAX_RESPONSE_BYTES = 64 * 1024;
const USER_AGENT = 'orders-webhooks/1';

/**
 * Creates the sender of messages: POST over HTTPS on a new connection, whose address is checked after its name was resolved. Any 2xx
 * status is a success. Redirects are not followed, because their target would bypass the checks of a subscription.
 */
export function createPostMessage(options: PostOptions, { now, timer }: Pick<Clock, 'now' | 'timer'>): PostMessage {
  const isAllowed = (address: string) => options.allowPrivateAddresses || isPublicAddress(address);
  const lookup = checkedLookup(options.resolve ?? dnsLookup, isAllowed);
  return async (message) => {
    const address = addressIn(new URL(message.url));
    try {
      if (address !== undefined && !isAllowed(address)) throw new AddressRefused(address);
      return outcomeOf(await send(message, { lookup, ...(options.ca && { ca: options.ca }) }, timer), now());
    } catch (error) {
      return { kind: 'failed', reason: reasonOf(error) };
    }
  };
}

type Connecting = Pick<NonNullable<Parameters<typeof httpsRequest>[1]>, 'lookup' | 'ca'>;

/** The parts of a response that matter. */
interface Response {
  readonly status: number;
  /** The header `Retry-After`. */
  readonly retryAfter: string | undefined;
}

/** Sends the message and returns the response. Rejects when there is none. */
function send({ url, headers, body }: PostedMessage, connecting: Connecting, timer: Clock['timer']) {
  const answered = Promise.withResolvers<Response>();
  const request = httpsRequest(url, {
    ...connecting,
    method: 'POST',
    agent: false,
    minVersion: 'TLSv1.2',
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': USER_AGENT,
    },
  });
  const cancel = timer(ATTEMPT_LIMIT_MS, () =>
    request.destroy(new Error(`no response within ${ATTEMPT_LIMIT_MS / 1000} s`)),
  );
  let head: Response | undefined;
  request.on('response', (response) => {
    const received = { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] };
    head = received;
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_RESPONSE_BYTES) response.destroy();
    });
    response.on('error', () => undefined);
    response.on('close', () => answered.resolve(received));
  });
  // The status counts, even if the rest of the response is too long or too late.
  request.on('error', (error) => (head === undefined ? answered.reject(error) : answered.resolve(head)));
  request.on('close', () => answered.reject(new Error('the connection was closed without a response')));
  request.end(body);
  return answered.promise.finally(cancel);
}

/** @param now milliseconds since 1970 */
function outcomeOf({ status, retryAfter }: Response, now: number): PostOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  const reason = status >= 300 && status < 400 ? `a redirect (${status}), which is not followed` : `status ${status}`;
  const notBefore = timeOf(retryAfter, now);
  return { kind: 'failed', status, reason, ...(notBefore !== undefined && { notBefore }) };
}

/** The time of `Retry-After`, which is a number of seconds or a date (RFC 9110, section 10.2.3). Undefined when it is neither. */
function timeOf(retryAfter = '', now: number): number | undefined {
  const time = /^\d+$/.test(retryAfter) ? now + Number(retryAfter) * 1_000 : Date.parse(retryAfter);
  return Number.isNaN(time) ? undefined : time;
}

/** Maximum length of a reason in UTF-16 code units. */
const MAX_REASON_LENGTH = 200;

function reasonOf(error: unknown): string {
  // When none of several addresses can be reached, Node reports an error without a message.
  const [first] = error instanceof AggregateError ? error.errors : [error];
  const message = first instanceof Error ? first.message : String(first);
  return message.slice(0, MAX_REASON_LENGTH).toWellFormed();
}
