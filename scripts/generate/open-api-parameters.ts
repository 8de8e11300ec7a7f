import { EXPECTED_VERSION } from '../../src/commands/http/if-match.ts';
import type { Operation, RequestHeader, ResponseHeader } from '../../src/shared/http/operation.ts';
import type { SchemaComponents } from './open-api-schemas.ts';

/** Parameters in a path, by name: every one that a route has is described here. */
const PATH_PARAMETERS: Readonly<Record<string, { readonly description: string; readonly example: string }>> = {
  orderId: { description: 'The order’s id, URL-encoded.', example: 'order-1' },
  customerId: { description: 'The customer’s id, URL-encoded.', example: 'customer-1' },
  productId: { description: 'The product’s id, URL-encoded.', example: 'product-1' },
  deadLetterId: { description: 'The dead letter’s id.', example: 'order_details-0-17' },
  replayId: { description: 'The replay’s id.', example: 'replay-1' },
  file: { description: 'A file of the page.', example: 'swagger-ui.css' },
};

const text = { type: 'string' };

/** Every operation heeds the last two. */
const REQUEST_HEADERS: Readonly<Record<RequestHeader | 'x-correlation-id' | 'traceparent', object>> = {
  'Idempotency-Key': {
    description:
      'The command’s id: sent again with the same key, a command is not carried out again but answered as the first time. Made up when it is absent.',
    schema: { ...text, minLength: 1, maxLength: 64 },
  },
  'If-Match': {
    description: 'The version that is expected, as it came in an ETag; another one is 412 `version-mismatch`.',
    schema: { ...text, pattern: EXPECTED_VERSION.source, examples: ['"3"', '"3.1"'] },
  },
  'If-None-Match': { description: 'ETags that the client has; one that is current is answered 304.', schema: text },
  'Last-Event-ID': {
    description:
      'The `id` of the last event that came: every later change follows, in order. 0: every change there ever was. Without it the stream begins with the newest.',
    schema: { ...text, pattern: '^\\d{1,9}$' },
  },
  Prefer: {
    description: '`wait=S`: wait at most S seconds, up to 5, for `minVersion` (RFC 7240).',
    schema: { ...text, examples: ['wait=5'] },
  },
  'x-correlation-id': {
    description: 'Printable ASCII, at most 128 characters; repeated in the answer and in the events.',
    schema: { ...text, maxLength: 128 },
  },
  traceparent: { description: 'W3C trace context.', schema: text },
};

export const RESPONSE_HEADERS: Readonly<Record<ResponseHeader, object>> = {
  ETag: {
    description:
      'The version, in quotes; with a part behind a point when the document was written anew in that version.',
    schema: { ...text, examples: ['"3"'] },
  },
  Location: { description: 'Where the change, or what was started, can be read, for what has a page.', schema: text },
  'Idempotency-Replayed': { description: '`true`: the answer of the first time.', schema: text },
  'Server-Timing': { description: '`sync-lag`: milliseconds from the command to the read model.', schema: text },
};

/** The parameters of headers, to be referred to. */
export function headerComponents(): Record<string, object> {
  const entries = Object.entries(REQUEST_HEADERS);
  return Object.fromEntries(entries.map(([name, content]) => [name, { name, in: 'header', ...content }]));
}

/** All parameters of an operation. Throws when the path has one that is not described. */
export function parametersOf(operation: Operation, schemas: SchemaComponents): readonly object[] {
  const headers = [...(operation.headers ?? []), 'x-correlation-id', 'traceparent'];
  return [
    ...pathParameters(operation),
    ...queryParameters(operation, schemas),
    ...headers.map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ];
}

function pathParameters({ route }: Operation): readonly object[] {
  return [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const known = PATH_PARAMETERS[name];
    if (known === undefined) throw new Error(`Describe the parameter ${name} of ${route}.`);
    return { name, in: 'path', required: true, schema: text, ...known };
  });
}

function queryParameters({ parameters }: Operation, schemas: SchemaComponents): readonly object[] {
  if (parameters === undefined) return [];
  const { properties = {}, required = [] } = schemas.schemaOf(parameters, 'input');
  return Object.entries(properties).map(([name, property]) => {
    if (typeof property === 'boolean') throw new Error(`The parameter ${name} has no schema.`);
    const { description, ...schema } = property;
    return { name, in: 'query', required: required.includes(name), description, schema };
  });
}
