import type { z } from 'zod';
import { EVENT_CONTRACTS } from '../../src/shared/events/envelope.ts';
import { toJsonSchema } from './json-schema.ts';

/** Where the schemas of the events are published, below the project's folder. */
export const EVENT_SCHEMAS_FOLDER = 'docs/events';

/** The JSON Schema of every event in every version there ever was, as text by file name: `OrderPlaced.v2.json`. */
export function eventSchemaFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [eventType, contract] of EVENT_CONTRACTS) {
    const versions = [...contract.upcasters.map(({ schema }) => schema), contract.schema];
    if (versions.length !== contract.version) throw new Error(`${eventType} needs an upcaster for each past version.`);
    for (const [index, schema] of versions.entries()) {
      const name = `${eventType}.v${index + 1}`;
      files.set(`${name}.json`, toText(name, schema));
    }
  }
  return files;
}

function toText(name: string, schema: z.ZodType): string {
  const { $schema, ...content } = toJsonSchema(schema, 'output');
  return `${JSON.stringify({ $schema, $id: `urn:orders:event:${name}`, title: name, ...content }, undefined, 2)}\n`;
}
