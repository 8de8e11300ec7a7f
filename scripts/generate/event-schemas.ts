import { EVENT_CONTRACTS } from '../../src/shared/events/envelope.ts';
import { type JsonSchema, toJsonSchema } from './json-schema.ts';

/** Folder of the published event schemas, relative to the project's root. */
export const EVENT_SCHEMAS_FOLDER = 'docs/events';

/** An event type in one of its versions. */
export interface EventSchema {
  readonly eventType: string;
  readonly version: number;
  /** False for a version that is no longer written, but still stored. */
  readonly isCurrent: boolean;
  readonly schema: JsonSchema;
}

/** The JSON Schema of every event type in each of its versions, by name, such as `OrderPlaced.v2`. */
export function eventSchemas(): ReadonlyMap<string, EventSchema> {
  const schemas = new Map<string, EventSchema>();
  for (const [eventType, contract] of EVENT_CONTRACTS) {
    const versions = [...contract.upcasters.map(({ schema }) => schema), contract.schema];
    if (versions.length !== contract.version) throw new Error(`${eventType} needs an upcaster for each past version.`);
    for (const [index, schema] of versions.entries()) {
      const version = index + 1;
      const isCurrent = version === contract.version;
      schemas.set(`${eventType}.v${version}`, {
        eventType,
        version,
        isCurrent,
        schema: toJsonSchema(schema, 'output'),
      });
    }
  }
  return schemas;
}

/** The files of the event schemas, as text by file name, such as `OrderPlaced.v2.json`. */
export function eventSchemaFiles(): ReadonlyMap<string, string> {
  return new Map([...eventSchemas()].map(([name, { schema }]) => [`${name}.json`, toText(name, schema)]));
}

function toText(name: string, { $schema, ...content }: JsonSchema): string {
  return `${JSON.stringify({ $schema, $id: `urn:orders:event:${name}`, title: name, ...content }, undefined, 2)}\n`;
}
