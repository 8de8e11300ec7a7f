import fc from 'fast-check';
import { commands } from '../../../src/commands/functions.ts';
import { brokenBody, strangeBody } from './fuzz-json.ts';

/** A request as it is sent. */
export interface FuzzedRequest {
  readonly method: string;
  /** Path and query as they are sent. */
  readonly target: string;
  /** Role of its token, unless its headers have another authorization. */
  readonly role: (typeof ROLES)[number];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export const ROLES = ['admin', 'customer', 'warehouse', 'analyst'] as const;

/** A function with its route template, as the host lists it. */
export interface Route {
  readonly name: string;
  readonly method: string;
  /** `/orders/{orderId}/items`. */
  readonly path: string;
}

const SEGMENTS = [
  '%00',
  '%ZZ',
  '%',
  '%2F',
  '..%2f..',
  '.',
  '..',
  '%2e%2e',
  '%252F',
  '%25',
  '%20',
  '%0d%0aSet-Cookie:a=b',
].concat(
  [
    '%C3',
    '%ED%A0%80',
    '%F0%9F%92%A5',
    '\u00e9',
    ';a=b',
    '*',
    ':',
    '@',
    '~',
    'null',
    'undefined',
    '__proto__',
    '[object%20Object]',
  ],
  [
    'x'.repeat(64),
    'x'.repeat(65),
    'x'.repeat(3_000),
    '%F0%9F%92%A5'.repeat(40),
    "';--",
    '<script>',
    '{orderId}',
    'order-1%20',
  ],
);

const KNOWN_IDS: Readonly<Record<string, readonly string[]>> = {
  orderId: [
    '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e01',
    '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e02',
    '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e03',
    'no-such-order',
  ],
  customerId: ['customer-1', 'no-such-customer'],
  productId: ['product-1', 'no-such-product'],
};

const PARAMETERS = [
  'minVersion',
  'version',
  'include',
  'limit',
  'from',
  'to',
  'q',
  'status',
  'region',
  'currency',
  'continuationToken',
  '__proto__',
];
const PARAMETER_VALUES = [
  '',
  '0',
  '1',
  '-1',
  '1.5',
  '1e9',
  '9007199254740993',
  'NaN',
  'Infinity',
  'history,tracking',
  'history,,',
  '2026-01-15',
].concat(
  [
    '2026-13-45',
    '0000-00-00',
    'submitted',
    'lamp',
    "'%20OR%201=1--",
    '%00',
    '%ZZ',
    '%ED%A0%80',
    '%F0%9F%92%A5',
    'x'.repeat(3_000),
  ],
  ['eyJ0b2tlbiI6Ii4uIn0', '+RID:~x%23RT:1', '[]', 'WA', 'USD'],
);

/**
 * Bytes of a header value without control characters. Without those that begin a UTF-8 character above U+00FF: for such a character,
 * the Functions library fails before the app sees the request, and the host answers 500.
 */
const headerText = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f && (code < 0x80 || code > 0x9f) && (code < 0xc4 || code > 0xf7))
    .map((code) => String.fromCharCode(code)),
  maxLength: 200,
});

const HEADERS: Readonly<Record<string, readonly string[]>> = {
  'content-type': [
    'text/plain',
    'application/json; charset=utf-16',
    'application/problem+json',
    'multipart/form-data',
    '',
    'json',
    'a/b/c',
  ],
  'idempotency-key': ['', 'key-1', 'x'.repeat(255), 'x'.repeat(256), '..', '%2F', 'a\tb', '\u00e9', 'null'],
  'if-match': ['"0"', '"1"', '"2"', 'W/"1"', '*', '1', '"-1"', '"1", "2"', '"99999999999999999999"', '""'],
  'x-correlation-id': ['', 'a b', 'x'.repeat(129), '\u00e9'],
  traceparent: [
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    '00-00000000000000000000000000000000-0000000000000000-00',
    'junk',
    '',
  ],
  tracestate: ['a=b', '====', ''],
  accept: ['text/html', 'application/xml;q=0.9', '*/*;q=0', ';;;'],
  'accept-encoding': ['gzip', 'br;q=1', 'identity;q=0'],
  'content-encoding': ['gzip', 'x'],
  'if-none-match': ['*', '"1"', 'W/"1", "2"', '"'],
  'x-http-method-override': ['DELETE'],
  authorization: ['', 'Bearer', 'Bearer a.b.c', 'Basic YTpi', 'Bearer \u00e9'],
};
const header = fc
  .constantFrom(...Object.keys(HEADERS))
  .chain((name) => fc.tuple(fc.constant(name), fc.oneof(fc.constantFrom(...(HEADERS[name] ?? [])), headerText)));

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'LOCK'];

const often = <Value>(usual: Value, unusual: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: unusual });

function target(path: string): fc.Arbitrary<string> {
  const parts = path.split(/(\{\w+\})/).map((part) => {
    if (!part.startsWith('{')) return fc.constant(part);
    const ids = KNOWN_IDS[part.slice(1, -1)] ?? ['index.html'];
    return fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...ids) }, fc.constantFrom(...SEGMENTS));
  });
  const parameter = fc
    .tuple(fc.constantFrom(...PARAMETERS), fc.constantFrom(...PARAMETER_VALUES))
    .map((pair) => pair.join('='));
  const query = fc.array(parameter, { minLength: 1, maxLength: 3 }).map((pairs) => `?${pairs.join('&')}`);
  const ending = fc.oneof(
    { weight: 12, arbitrary: fc.constant('') },
    query,
    fc.constantFrom('/', '//', '/x', '?', '?=', '?&&', '#'),
  );
  return fc.tuple(...parts, ending).map((texts) => `/api${texts.join('')}`);
}

/** Valid bodies of a function; for the command envelope, any command. */
function validBodies(name: string) {
  const envelopes = commands.map(({ type, example }) => ({
    commandType: type,
    aggregateId: '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e01',
    data: example,
  }));
  if (name === 'executeCommand') return envelopes;
  return commands.filter(({ type }) => type.toLowerCase() === name.toLowerCase()).map(({ example }) => example);
}

function body(name: string): fc.Arbitrary<string | Uint8Array> {
  const [first = {}, ...more] = validBodies(name);
  // Examples are JSON, whose type is unknown
  const valid = fc.constantFrom(first, ...more).map((example) => JSON.parse(JSON.stringify(example)));
  return fc.oneof(
    { weight: 4, arbitrary: valid.map((value) => JSON.stringify(value)) },
    { weight: 8, arbitrary: valid.chain(brokenBody) },
    { weight: 1, arbitrary: strangeBody },
  );
}

/** Requests to the routes, most of them with one or more faults. */
export function fuzzedRequests(routes: readonly Route[]): fc.Arbitrary<FuzzedRequest> {
  return fc.constantFrom(...routes).chain(({ name, method, path }) =>
    fc.record({
      method: often(method, fc.constantFrom(...METHODS)),
      target: target(path),
      role: often<FuzzedRequest['role']>('admin', fc.constantFrom(...ROLES)),
      headers: often([], fc.array(header, { minLength: 1, maxLength: 2 })).map((headers) => ({
        'content-type': 'application/json',
        prefer: 'wait=0',
        ...Object.fromEntries(headers),
      })),
      body: method === 'GET' ? often<string | Uint8Array>('', body(name)) : body(name),
    }),
  );
}
