import { z } from 'zod';
import { type AppSettings, connectionSetting, resolvePlaceholders } from './app-settings.ts';
import type { Binding } from './core-types.ts';

/** An Event Hubs trigger with its settings resolved. */
export interface EventHubBinding {
  readonly bindingName: string;
  readonly connectionString: string;
  readonly eventHubName: string;
  readonly consumerGroup: string;
  readonly cardinality: 'many' | 'one';
  /** When undefined, every event must be JSON. */
  readonly dataType: 'string' | 'binary' | undefined;
  readonly storageConnectionString: string;
}

const EventHubTrigger = z.object({
  connection: z.string(),
  eventHubName: z.string(),
  consumerGroup: z.string().default('$Default'),
  cardinality: z.enum(['many', 'one']).default('one'),
  dataType: z.enum(['string', 'binary']).optional(),
});

/**
 * Reads the binding. `connection` names the setting that holds a connection string; `%SETTING%` is resolved in the names.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs-trigger#configuration
 * @throws {Error} when a setting is missing or the binding is invalid.
 */
export function eventHubBinding(bindingName: string, trigger: Binding, settings: AppSettings): EventHubBinding {
  const { connection, eventHubName, consumerGroup, cardinality, dataType } = EventHubTrigger.parse(trigger);
  return {
    bindingName,
    connectionString: connectionSetting(connection, settings),
    eventHubName: resolvePlaceholders(eventHubName, settings),
    consumerGroup: resolvePlaceholders(consumerGroup, settings),
    cardinality,
    dataType,
    storageConnectionString: connectionSetting('AzureWebJobsStorage', settings),
  };
}
