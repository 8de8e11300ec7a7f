import type { EventType } from './events.ts';
import type { JsonSchema } from './json-schema.ts';

/** The contract of events, as the repository has it. Each schema is loaded when an event of its version is shown. */
const FILES = import.meta.glob<JsonSchema>('../../../docs/events/*.json', { import: 'default' });

/** Loaders by the name of the schema, such as `OrderPlaced.v2`. */
const SCHEMAS = new Map(
  Object.entries(FILES).map(([path, load]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), load]),
);

export const EVENT_TYPES: readonly string[] = [
  ...new Set([...SCHEMAS.keys()].map((name) => name.split('.v')[0] ?? '')),
];

/** Such as `OrderPlaced.v2`. The first events had no version of their schema. */
export const schemaNameOf = ({ eventType, schemaVersion = 1 }: SchemaReference): string =>
  `${eventType}.v${schemaVersion}`;

interface SchemaReference {
  readonly eventType: string;
  readonly schemaVersion?: number;
}

/** Loads a schema by its name; undefined when the contract has none of this name. */
export const loadSchema = async (name: string): Promise<JsonSchema | undefined> => SCHEMAS.get(name)?.();

export const isEventType = (text: string): text is EventType => EVENT_TYPES.includes(text);
