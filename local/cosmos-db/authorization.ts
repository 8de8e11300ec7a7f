/** Keys of the account: https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { header } from './http-exchange.ts';
import { pathOf } from './item-request.ts';

/** Imports an account's key once: an HMAC with bytes costs six times as much CPU time. */
export const accountKey = (base64: string): KeyObject => createSecretKey(base64, 'base64');

/** True when the request is signed with the account's key. The age of the signature is not checked. */
export function isSigned(request: IncomingMessage, key: KeyObject): boolean {
  const [, signature] = /^type=master&ver=1\.0&sig=(.+)$/.exec(decoded(header(request, 'authorization') ?? '')) ?? [];
  return signature !== undefined && equals(signature, signatureOf(signedPartsOf(request), key));
}

/** The parts of a request that are signed. */
export interface SignedParts {
  readonly method: string;
  readonly path: readonly string[];
  /** Of the header `x-ms-date`. */
  readonly date: string;
}

const signedPartsOf = (request: IncomingMessage): SignedParts => ({
  method: request.method ?? '',
  path: pathOf(request),
  date: header(request, 'x-ms-date') ?? '',
});

/** The signature of a request, in base64. */
export function signatureOf({ method, path, date }: SignedParts, key: KeyObject): string {
  // `dbs/orders/colls` is the collection of a resource; `dbs/orders` is a resource
  const isCollection = path.length % 2 === 1;
  const type = isCollection ? path.at(-1) : path.at(-2);
  const resource = (isCollection ? path.slice(0, -1) : path).join('/');
  const text = `${method.toLowerCase()}\n${type?.toLowerCase() ?? ''}\n${resource}\n${date.toLowerCase()}\n\n`;
  return createHmac('sha256', key).update(text).digest('base64');
}

function equals(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
