import { isDeepStrictEqual } from 'node:util';
import { ORDER_EVENTS_HUB } from '../../src/shared/event-hubs/hub.ts';
import { orderChange } from '../../src/shared/read-models/order-change.ts';
import { shippingChange } from '../../src/shared/read-models/order-views.ts';
import { type EventSchema, eventSchemas } from './event-schemas.ts';
import type { JsonSchema } from './json-schema.ts';
import { CONTACT } from './open-api.ts';
import { schemaComponents } from './open-api-schemas.ts';

/** File of the published description of the events, relative to the project's root. */
export const ASYNC_API_FILE = 'docs/asyncapi.json';

const DESCRIPTION = `Every change of an order, a customer or a product is one event in the hub. Clients that have subscribed get the changes of orders.

- **Delivery** is at least once. Ignore a \`version\` of an aggregate that you have already seen; the newest version wins, in any order of arrival.
- **Order**: the events of one aggregate have its id as the partition key, so they stay in order. There is no order across aggregates.
- **Personal data** is encrypted in \`personal\`, and replaced by placeholders elsewhere.
- **Money** in events is in minor units of the currency (2999 is 29.99 USD); in changes it is a decimal number. **Times** are in UTC.
- **Versions**: the schema of an event type in one version never changes. Skip types that you do not know.`;

/** Parts that many events have in common, under the names of their components. */
const SHARED_PARTS: Readonly<Record<string, string>> = {
  metadata: 'EventMetadata',
  personal: 'EncryptedPersonalData',
  order: 'PublishedOrder',
  customer: 'PublishedCustomer',
  product: 'PublishedProduct',
};

/** Generates the description of the events (AsyncAPI 3.0) from the schemas of events and changes, as JSON text. */
export function asyncApiText(): string {
  const events = eventSchemas();
  const changes = schemaComponents();
  const changeMessages = {
    OrderChange: { summary: 'A change of an order.', payload: changes.schemaOf(orderChange, 'output') },
    ShippingChange: {
      summary: 'A change of an order as the warehouse sees it.',
      payload: changes.schemaOf(shippingChange, 'output'),
    },
  };
  const eventNames = [...events.keys()];
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Events of orders',
      version: '1',
      description: DESCRIPTION,
      contact: CONTACT,
      license: { name: 'MIT' },
      tags: [{ name: 'Orders' }, { name: 'Customers' }, { name: 'Products' }],
    },
    defaultContentType: 'application/json',
    servers: SERVERS,
    channels: {
      orderEvents: {
        address: ORDER_EVENTS_HUB,
        title: 'Event hub',
        description: 'All events. Each consumer reads it through its own consumer group.',
        servers: [{ $ref: '#/servers/eventHubs' }],
        messages: references(eventNames),
      },
      orderChanges: {
        address: null,
        title: 'Subscription',
        description:
          'A WebSocket to the `url` that `POST /orders/{orderId}/subscriptions` or `POST /admin/subscriptions` returns. Connecting to it is enough.',
        servers: [{ $ref: '#/servers/webPubSub' }],
        messages: references(Object.keys(changeMessages)),
      },
    },
    operations: {
      publishEvents: {
        summary: 'Publishes every event.',
        description: 'An event is sent right after its commit, and retried until the hub has it.',
        ...sends('orderEvents', eventNames),
      },
      pushChanges: {
        summary: 'Pushes the changes of orders to their subscribers.',
        description:
          'A change is sent once the order page shows it. The warehouse gets `ShippingChange`, from the confirmation on; others get `OrderChange`.',
        ...sends('orderChanges', Object.keys(changeMessages)),
      },
    },
    components: {
      messages: { ...Object.fromEntries([...events].map(eventMessage)), ...changeMessages },
      schemas: { ...schemasOf(events), ...changes.all() },
    },
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

const SERVERS = {
  eventHubs: {
    host: '{namespace}.servicebus.windows.net',
    protocol: 'amqp1',
    protocolVersion: '1.0',
    description: 'Azure Event Hubs, over TLS. A consumer needs the role Azure Event Hubs Data Receiver.',
    variables: { namespace: { description: 'Name of the Event Hubs namespace.' } },
  },
  webPubSub: {
    host: '{resource}.webpubsub.azure.com',
    protocol: 'wss',
    description: 'Azure Web PubSub. The URL of a subscription has the token.',
    variables: { resource: { description: 'Name of the Web PubSub resource.' } },
  },
};

/** The messages of a channel, by name. */
function references(names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
}

function sends(channel: string, names: readonly string[]): object {
  const messages = names.map((name) => ({ $ref: `#/channels/${channel}/messages/${name}` }));
  return { action: 'send', channel: { $ref: `#/channels/${channel}` }, messages };
}

function eventMessage([name, { eventType, version, isCurrent }]: readonly [string, EventSchema]): readonly [
  string,
  object,
] {
  const summary = isCurrent
    ? `${eventType}, version ${version} of its schema.`
    : `${eventType}, version ${version} of its schema. No longer written, but kept in the log.`;
  const payload = { $ref: `#/components/schemas/${name}` };
  return [
    name,
    { name: eventType, title: name, summary, correlationId: { location: '$message.payload#/correlationId' }, payload },
  ];
}

/** The schemas of all events. A part that several events have becomes a component of its own. */
function schemasOf(events: ReadonlyMap<string, EventSchema>): Readonly<Record<string, JsonSchema>> {
  const shared = new Map<string, JsonSchema>();
  for (const { isCurrent, schema } of events.values()) if (isCurrent) collectParts(schema, shared);
  const schemas = [...events].map(([name, { schema }]) => [name, withReferences(schema, shared)] as const);
  return Object.fromEntries([...shared, ...schemas]);
}

function collectParts({ properties = {} }: JsonSchema, shared: Map<string, JsonSchema>): void {
  for (const [name, part] of Object.entries(properties)) {
    const component = SHARED_PARTS[name];
    if (component !== undefined && typeof part === 'object') shared.set(component, part);
  }
}

/** References the shared parts that an event has in just that form. A past version may have another form. */
function withReferences(
  { $schema: _, properties = {}, ...schema }: JsonSchema,
  shared: ReadonlyMap<string, JsonSchema>,
): JsonSchema {
  const entries = Object.entries(properties).map(([name, part]) => {
    const component = SHARED_PARTS[name];
    if (component === undefined || !isDeepStrictEqual(part, shared.get(component))) return [name, part] as const;
    return [name, { $ref: `#/components/schemas/${component}` }] as const;
  });
  return { ...schema, properties: Object.fromEntries(entries) };
}
