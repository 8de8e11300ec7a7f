import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type JsonSchema, toJsonSchema } from './json-schema.ts';

/** Collects the schemas of an API description: those with an id become components, which others reference. */
export interface SchemaComponents {
  /** Returns the schema as JSON Schema, or a reference to its component. */
  schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema;
  /** All components collected so far, by name. */
  all(): Readonly<Record<string, JsonSchema>>;
}

export function schemaComponents(): SchemaComponents {
  const components = new Map<string, JsonSchema>();
  const add = (name: string, schema: JsonSchema) => {
    const known = components.get(name);
    if (known !== undefined && !isDeepStrictEqual(known, schema)) throw new Error(`Two schemas have the id ${name}.`);
    components.set(name, schema);
  };
  return {
    schemaOf: (schema, io) => {
      const whole = inComponents(toJsonSchema(z.strictObject({ it: schema }), io));
      for (const [name, { id: _, ...component }] of Object.entries(whole.$defs ?? {})) add(name, component);
      const { it } = whole.properties ?? {};
      if (typeof it !== 'object') throw new Error('A schema could not be converted to JSON Schema.');
      return it;
    },
    all: () => Object.fromEntries([...components].sort(([a], [b]) => a.localeCompare(b, 'en'))),
  };
}

function inComponents(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
