import { z } from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * What replaces the Unicode properties of a pattern in a description: JSON Schema only recommends that patterns are read as Unicode
 * (https://json-schema.org/draft/2020-12/json-schema-core#section-6.4), and many tools refuse or misread `\p{…}`. Characters above U+FFFF
 * and lone surrogates cannot be excluded without it. The API checks the original pattern.
 */
const UNICODE_PROPERTIES: Readonly<Record<string, string>> = {
  '\\p{Cc}': '\\u0000-\\u001f\\u007f-\\u009f',
  '\\p{Cf}':
    '\\u00ad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u206f\\ufeff\\ufff9-\\ufffb',
  '\\p{Cs}': '',
  '\\p{Zl}': '\\u2028',
  '\\p{Zp}': '\\u2029',
};

/** Returns the pattern without Unicode properties. Throws when it has one that is not known here. */
function portablePattern(pattern: string): string {
  return pattern.replaceAll(/\\[pP]\{[^}]*\}/g, (property) => {
    const ranges = UNICODE_PROPERTIES[property];
    if (ranges === undefined) throw new Error(`Add the characters of ${property} to UNICODE_PROPERTIES.`);
    return ranges;
  });
}

/**
 * Converts a zod schema to JSON Schema (draft 2020-12). Removes what zod adds: patterns that only repeat a format, the bounds of safe
 * integers, and `readOnly`, which has another meaning in OpenAPI. Makes patterns portable.
 * @param io `input` for requests; `output` for responses and for published or stored data
 */
export function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const converted = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
      // Swagger UI cannot show a field with another encoding than those of Node's Buffer in browsers; the pattern says the same
      if (jsonSchema.contentEncoding !== undefined) {
        delete jsonSchema.contentEncoding;
        delete jsonSchema.format;
      }
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return JSON.parse(JSON.stringify(converted), (name, value) =>
    name === 'pattern' && typeof value === 'string' ? portablePattern(value) : value,
  );
}
