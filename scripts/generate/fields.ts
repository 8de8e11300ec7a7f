import type { z } from 'zod';
import { type JsonSchema, toJsonSchema } from './json-schema.ts';

/**
 * The names of all fields of a JSON body, with a dot between levels: `items.price`. An object whose fields the schema does
 * not list has `data.*`.
 */
export function fieldsOf(schema: z.ZodType): ReadonlySet<string> {
  const whole = toJsonSchema(schema, 'output');
  return new Set(namesIn(whole, '', whole.$defs ?? {}));
}

type Definitions = NonNullable<JsonSchema['$defs']>;

function namesIn(schema: JsonSchema, path: string, definitions: Definitions): readonly string[] {
  const within = (inner: unknown, at = path): readonly string[] =>
    isSchema(inner) ? namesIn(inner, at, definitions) : [];
  const { $ref, anyOf, properties, additionalProperties, items, type } = schema;
  if ($ref !== undefined) return within(definitions[$ref.split('/').at(-1) ?? '']);
  if (anyOf !== undefined) return anyOf.flatMap((one) => within(one));
  if (items !== undefined) return within(items);
  if (properties !== undefined) {
    return Object.entries(properties).flatMap(([name, inner]) => within(inner, path === '' ? name : `${path}.${name}`));
  }
  if (additionalProperties !== undefined && additionalProperties !== false) return [`${path}.*`];
  if (type === 'null') return [];
  return type === undefined && schema.const === undefined && schema.enum === undefined ? [`${path}.*`] : [path];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}
