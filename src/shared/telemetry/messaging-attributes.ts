import type { Attributes } from '@opentelemetry/api';

/** The attributes of a span that publishes to a hub: https://opentelemetry.io/docs/specs/semconv/messaging/azure-messaging/ */
export function publishAttributes(hub: string): Attributes {
  return {
    'messaging.system': 'eventhubs',
    'messaging.operation.name': 'publish',
    'messaging.operation.type': 'send',
    'messaging.destination.name': hub,
  };
}
