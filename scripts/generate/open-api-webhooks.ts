import { PAYLOAD_SCHEMAS } from '../../src/sync/webhooks/payload.ts';
import type { SchemaComponents } from './open-api-schemas.ts';

/** The headers of a message, as Standard Webhooks names them. */
const HEADERS = {
  'webhook-id': 'The id of the message: the same for each attempt and each replay. Process each id once.',
  'webhook-timestamp':
    'When this attempt was made, in seconds since 1970. Refuse a message that is older than five minutes.',
  'webhook-signature':
    'One signature or, while the secret is being changed, two, separated by a space: `v1,` and the base64 of the HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}`.',
};

/** The requests that partners receive, one for each type of event (https://spec.openapis.org/oas/v3.1.1.html#oas-webhooks). */
export function webhooksOf(schemas: SchemaComponents): object {
  const parameters = Object.entries(HEADERS).map(([name, description]) => ({
    name,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string' },
  }));
  return Object.fromEntries(
    [...PAYLOAD_SCHEMAS].map(([eventType, schema]) => [
      eventType,
      {
        post: {
          operationId: `on${eventType}`,
          tags: ['Webhooks'],
          summary: `Delivers the event ${eventType}, without personal data.`,
          description: 'Sent to each URL that is subscribed to this type of event with `POST /webhooks`.',
          security: [],
          parameters,
          // Open, because later versions may add fields.
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemas.schemaOf(schema, 'input') } },
          },
          responses: {
            '2XX': { description: 'The message was received. The body is ignored.' },
            default: { description: 'Any other status, including a redirect: the message is sent again later.' },
          },
        },
      },
    ]),
  );
}
