import { MAX_KEY_LENGTH } from '../../src/commands/http/idempotency-key.ts';
import { EXPECTED_VERSION } from '../../src/commands/http/if-match.ts';
import type { Operation, RequestHeader, ResponseHeader } from '../../src/shared/http/operation.ts';
import type { SchemaComponents } from './open-api-schemas.ts';

interface PathParameter {
  readonly description: string;
  readonly example?: string;
}

/** An id whose example is in the body of the example that creates the order, customer or product. */
const created = (what: string, example: string, creation: string): PathParameter => ({
  description: `The ${what}’s id, URL-encoded. The example of \`${creation}\` creates the ${what} of this example.`,
  example,
});
const DRAFT = created('order', '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e01', 'POST /orders/drafts');
const PLACED = created('order', '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e02', 'POST /orders');
const CANCELLED = created('order', '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e03', 'POST /commands');

const productOf = (example: string) => ({ description: 'The product’s id, URL-encoded.', example });
const lineOf = (example: string) => ({ description: 'The number of the order line: 1, 2, …', example });

/** All path parameters, by name. Their examples work on a seeded system (`local/seed.ts`). Ids that the system generates have none. */
const PATH_PARAMETERS: Readonly<Record<string, PathParameter>> = {
  orderId: PLACED,
  customerId: { description: 'The customer’s id, URL-encoded.', example: 'c1' },
  line: lineOf('1'),
  productId: productOf('p1'),
  deadLetterId: { description: 'The dead letter’s id, from `GET /admin/dead-letters`.' },
  replayId: { description: 'The replay’s id, from `POST /admin/replays` or `GET /admin/replays`.' },
  webhookId: { description: 'The webhook’s id, from `POST /webhooks` or `GET /webhooks`.' },
  file: { description: 'The file’s name.', example: 'swagger-ui.css' },
  name: { description: 'The report’s name.', example: 'daily-metrics' },
};

/** Other examples, so that the example of one operation does not spoil that of another. */
const OWN_EXAMPLES: Readonly<Record<string, Readonly<Record<string, PathParameter>>>> = {
  addItem: { orderId: DRAFT },
  changeQuantity: { orderId: DRAFT },
  removeItem: { orderId: DRAFT, productId: productOf('p2') },
  removeLine: { orderId: DRAFT, line: lineOf('3') },
  changeShippingAddress: { orderId: DRAFT },
  submitOrder: { orderId: DRAFT },
  cancelOrder: { orderId: CANCELLED },
  changePrice: { productId: productOf('p3') },
  discontinueProduct: { productId: created('product', 'product-1', 'POST /products') },
  eraseCustomer: { customerId: created('customer', 'customer-1', 'POST /customers') },
};

const text = { type: 'string' };

/** Every operation supports the last two. */
const REQUEST_HEADERS: Readonly<Record<RequestHeader | 'x-correlation-id' | 'traceparent', object>> = {
  'Idempotency-Key': {
    description:
      'Idempotency key, which becomes the command’s id: at most 255 printable characters, up to U+00FF (ISO 8859-1) and in UTF-8; `commandId` of an envelope can have others. A retry by the same caller (`sub`) with the same key returns the first response instead of executing the command again, for as long as the key is remembered: 35 days by default. Generated when absent.',
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
  'Cache-Control': {
    description:
      '`max-age=S` (RFC 9111): accepts an answer that may be S seconds older than the write model, at most 60. `no-cache`, `max-age=0`: accepts none.',
    schema: { ...text, examples: ['max-age=10', 'no-cache'] },
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
  'x-data-age': {
    description:
      'Whole seconds by which the answer may be older than the write model. `0`: it was read from the write model itself. Absent if the request accepts no age.',
    schema: { ...text, pattern: '^\\d+$', examples: ['2'] },
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
    const parameter = OWN_EXAMPLES[operationId]?.[name] ?? PATH_PARAMETERS[name];
    if (parameter === undefined) throw new Error(`Describe the parameter ${name} of ${route}.`);
    return { name, in: 'path', required: true, schema: text, ...parameter };
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
