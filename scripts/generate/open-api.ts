import type { Operation } from '../../src/shared/http/operation.ts';
import { operationsByApp } from './load-operations.ts';
import { problemExamples, tagOf, toOpenApi } from './open-api-operation.ts';
import { headerComponents, RESPONSE_HEADERS } from './open-api-parameters.ts';
import { type SchemaComponents, schemaComponents } from './open-api-schemas.ts';
import { webhooksOf } from './open-api-webhooks.ts';

/** File of the published API description, relative to the project's root. */
export const OPEN_API_FILE = 'docs/openapi.json';

const DESCRIPTION = `Places and tracks orders. Commands change the write model and return 202 once the change is committed.
Queries read eventually consistent read models, which usually show a change within moments. To read your own write, pass the
\`version\` from a command's response as \`minVersion\`.

- **Authentication**: send \`Authorization: Bearer <JWT>\` with the claims \`sub\`, \`roles\` and, for customers, \`customerId\`.
- **Errors** are problem details (RFC 9457) with a stable \`code\`. The gateway can also return 429 \`throttled\` and 404 \`route-not-found\`.
- **Retries** are safe with the same \`Idempotency-Key\`, which belongs to the caller: the first response is returned again, with \`Idempotency-Replayed: true\`, for 35 days by default.
- **Money** is a decimal number with at most the currency's decimal places.
- **Times** are in ISO 8601 format. The API returns them in UTC.`;

export const CONTACT = { name: 'Maintainers of the Orders API' };

/** Descriptions of all tags, in display order. */
const TAGS: Readonly<Record<string, string>> = {
  Orders: 'Place, change, track and find orders.',
  Customers: 'Register customers, and read or change what is known about them.',
  Products: 'Read the catalogue, and change products, prices and stock.',
  Commands: 'Send any command as an envelope.',
  Webhooks: 'Subscribe partners to events, list deliveries, and deliver events again.',
  Admin: 'Operate the read models: lag, replays, dead letters, and all changes as they happen.',
  Analytics: 'Sales figures.',
  Shipments: 'Orders to be shipped or delivered.',
  System: 'This description, its web page, and health checks.',
};

const TEXT = { type: 'string' };

/** Generates the API description (OpenAPI 3.1) from the operations and their zod schemas, as JSON text. */
export function openApiText(): string {
  const operations = [...operationsByApp().keys()].sort(
    (a, b) => a.route.localeCompare(b.route, 'en') || a.method.localeCompare(b.method, 'en'),
  );
  const schemas = schemaComponents();
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const path = `/${operation.route}`;
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: toOpenApi(operation, schemas) };
  }
  const document = {
    openapi: '3.1.1',
    info: {
      title: 'Orders',
      version: '1',
      description: DESCRIPTION,
      contact: CONTACT,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/api' }],
    tags: tagsOf(operations),
    paths,
    webhooks: webhooksOf(schemas),
    components: componentsOf(operations, schemas),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The tags that operations have. Throws when one of them has no description. */
function tagsOf(operations: readonly Operation[]): readonly object[] {
  const used = new Set(operations.map(tagOf));
  for (const tag of used) if (!(tag in TAGS)) throw new Error(`Describe the tag ${tag} in TAGS.`);
  return Object.entries(TAGS).flatMap(([name, description]) => (used.has(name) ? { name, description } : []));
}

function componentsOf(operations: readonly Operation[], schemas: SchemaComponents): object {
  return {
    schemas: schemas.all(),
    parameters: headerComponents(),
    examples: problemExamples(operations),
    headers: {
      ...RESPONSE_HEADERS,
      'x-correlation-id': { description: 'Identifies the request in logs and events.', schema: TEXT },
      'Retry-After': { description: 'Seconds to wait before a retry.', schema: TEXT },
    },
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
  };
}
