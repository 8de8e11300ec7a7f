import { operationsByApp } from './load-operations.ts';
import { problemExamples, tagOf, toOpenApi } from './open-api-operation.ts';
import { headerComponents, RESPONSE_HEADERS } from './open-api-parameters.ts';
import { type SchemaComponents, schemaComponents } from './open-api-schemas.ts';

/** Where the API's description is published, below the project's folder. */
export const OPEN_API_FILE = 'docs/openapi.json';

const DESCRIPTION = `Places orders and follows them. Commands change the write model and are answered 202 once the change is committed;
queries read models that follow within moments: pass the \`version\` of a command's answer as \`minVersion\` to read your own write.

- **Tokens**: \`Authorization: Bearer <JWT>\` with the claims \`sub\`, \`roles\` and, for customers, \`customerId\`.
- **Errors** are problem details (RFC 9457) with a stable \`code\`. The gateway in front may answer 429 \`throttled\` and 404 \`route-not-found\`.
- **Sending again** is safe with the same \`Idempotency-Key\`: the answer comes again, with \`Idempotency-Replayed: true\`.
- **Money** is a decimal number with at most the currency's decimals; times are ISO 8601, in UTC where the API answers them.`;

/** Groups in the order they are shown; others follow by name. */
const FIRST_TAGS = ['Orders', 'Customers', 'Products', 'Commands'];

const TEXT = { type: 'string' };

/** The description of the API as text: OpenAPI 3.1, generated from the operations and their zod schemas. */
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
  const tags = [...new Set([...FIRST_TAGS, ...operations.map(tagOf).sort()])];
  const document = {
    openapi: '3.1.1',
    info: { title: 'Orders', version: '1', description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/api' }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: componentsOf(schemas),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function componentsOf(schemas: SchemaComponents): object {
  return {
    schemas: schemas.all(),
    parameters: headerComponents(),
    examples: problemExamples(),
    headers: {
      ...RESPONSE_HEADERS,
      'x-correlation-id': { description: 'Names the request in logs and events.', schema: TEXT },
      'Retry-After': { description: 'Seconds after which to try again.', schema: TEXT },
    },
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
  };
}
