import { MAX_KEY_LENGTH } from '../../src/commands/http/idempotency-key.ts';
import { EXPECTED_VERSION } from '../../src/commands/http/if-match.ts';
import type { Operation, RequestHeader, ResponseHeader } from '../../src/shared/http/operation.ts';
import type { SchemaComponents } from './open-api-schemas.ts';

/** Descriptions of all path parameters, by name. */
const PATH_PARAMETERS: Readonly<Record<string, { readonly description: string; readonly example: string }>> = {
  orderId: { description: 'The order’s id, URL-encoded.', example: '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e01' },
  customerId: { description: 'The customer’s id, URL-encoded.', example: 'customer-1' },
  line: { description: 'The number of the order line: 1, 2, …', example: '1' },
  productId: { description: 'The product’s id, URL-encoded.', example: 'product-1' },
  deadLetterId: { description: 'The dead letter’s id.', example: 'order_details-0-17' },
  replayId: { description: 'The replay’s id.', example: 'replay-1' },
  webhookId: { description: 'The webhook’s id.', example: '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e09' },
  file: { description: 'The file’s name.', example: 'swagger-ui.css' },
};

/** Path parameters with another example in some operations, so that all examples can be run on one seeded system (`local/seed.ts`). */
const OWN_EXAMPLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cancelOrder: { orderId: '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e02' },
  removeItem: { productId: 'p2' },
  removeLine: { line: '3' },
  getCustomerOrders: { customerId: 'c1' },
  getCustomerSummary: { customerId: 'c1' },
};

const text = { type: 'string' };

/** Every operation supports the last two. */
const REQUEST_HEADERS: Readonly<Record<RequestHeader | 'x-correlation-id' | 'traceparent', object>> = {
  'Idempotency-Key': {
    description:
      'Idempotency key, which becomes the command’s id: at most 255 printable characters. A retry by the same caller (`sub`) with the same key returns the first response instead of executing the command again. Generated when absent.',
    schema: { ...text, minLength: 1, maxLength: MAX_KEY_LENGTH },
  },
  'If-Match': {
    description:
      'The expected version, from an ETag, or `*` for any version. A different version returns 412 `version-mismatch`.',
    schema: { ...text, pattern: EXPECTED_VERSION.source, examples: ['"3"', '"3.1"', '*'] },
  },
  'If-None-Match': {
    description: 'ETags that the client has. If one of them is current, the response is 304 without a body.',
    schema: text,
  },
  Prefer: {
    description:
      '`wait=S` (RFC 7240): waits at most S seconds, by default 5; at most 5 for `minVersion`, at most 30 for changes.',
    schema: { ...text, examples: ['wait=5'] },
  },
  'x-correlation-id': {
    description:
      'Identifies the request in logs, events and the response. Printable ASCII, at most 128 characters. Generated when absent.',
    schema: { ...text, maxLength: 128 },
  },
  traceparent: { description: 'W3C trace context.', schema: text },
};

export const RESPONSE_HEADERS: Readonly<Record<ResponseHeader, object>> = {
  ETag: {
    description: 'The version in quotes, such as `"3"`, or `"3.1"` when the document was rewritten in version 3.',
    schema: { ...text, examples: ['"3"'] },
  },
  Location: { description: 'URL of the changed or created resource, if the API has a query for it.', schema: text },
  'Idempotency-Replayed': {
    description: '`true` when this is the response to an earlier request with the same idempotency key.',
    schema: text,
  },
  'Server-Timing': {
    description: '`sync-lag`: milliseconds from the command until the read model was updated.',
    schema: text,
  },
};

/** The header parameters that are the same in all operations, for `components/parameters`. */
export function headerComponents(): Record<string, object> {
  const { 'Idempotency-Key': _, ...shared } = REQUEST_HEADERS;
  const entries = Object.entries(shared);
  return Object.fromEntries(entries.map(([name, content]) => [name, { name, in: 'header', ...content }]));
}

/** All parameters of an operation. Throws when a path parameter has no description. */
export function parametersOf(operation: Operation, schemas: SchemaComponents): readonly object[] {
  const headers = [...(operation.headers ?? []), 'x-correlation-id', 'traceparent'];
  return [
    ...pathParameters(operation),
    ...queryParameters(operation, schemas),
    ...headers.map((name) => headerParameter(operation, name)),
  ];
}

/** Each operation has its own key as an example, so that an example that is sent twice gets the same response twice. */
function headerParameter({ name: operationId }: Operation, name: string): object {
  if (name !== 'Idempotency-Key') return { $ref: `#/components/parameters/${name}` };
  return { name, in: 'header', ...REQUEST_HEADERS[name], example: `example-${operationId}` };
}

function pathParameters({ name: operationId, route }: Operation): readonly object[] {
  return [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const known = PATH_PARAMETERS[name];
    if (known === undefined) throw new Error(`Describe the parameter ${name} of ${route}.`);
    const example = OWN_EXAMPLES[operationId]?.[name] ?? known.example;
    return { name, in: 'path', required: true, schema: text, ...known, example };
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
