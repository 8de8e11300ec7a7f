import { z } from 'zod';

const property = z.object({
  name: z.string(),
  /** Such as `string`, `int`, `Basic | Standard | string`, `Sku`, `Sku[]`. */
  type: z.string(),
  flags: z.string().default(''),
  /** Such as `minLength: 6, maxLength: 50`. */
  modifiers: z.string().default(''),
});
export type SchemaProperty = z.output<typeof property>;

const objectType = z.object({
  $type: z.literal('Object'),
  name: z.string(),
  properties: z.array(property),
  additionalPropertiesType: z.string().optional(),
});
/** An object whose properties depend on the value of one of them. */
const discriminated = z.object({
  $type: z.literal('DiscriminatedObject'),
  name: z.string(),
  baseProperties: z.array(property),
  elements: z.array(objectType),
  discriminator: z.string(),
});
const described = z.discriminatedUnion('$type', [objectType, discriminated]);
export type ObjectSchema = z.output<typeof described>;

const resource = z.object({ $type: z.literal('Resource'), name: z.string(), bodyType: described });
const other = z.object({ $type: z.string() }).transform(() => undefined);

/** What the tool answers for a resource type: the resource, and the types that it is made of. */
export const schemaAnswer = z.object({ BicepSchemaResult: z.array(z.union([resource, described, other])) });

/** A resource type as Azure has published it. */
export interface Schema {
  readonly apiVersion: string;
  readonly body: ObjectSchema;
  readonly types: ReadonlyMap<string, ObjectSchema>;
}

export function schemaOf(answer: z.output<typeof schemaAnswer>): Schema {
  const parts = answer.BicepSchemaResult.filter((part) => part !== undefined);
  const found = parts.find((part) => part.$type === 'Resource');
  if (found?.$type !== 'Resource') throw new Error('The answer has no resource.');
  const types = parts.filter((part) => part.$type !== 'Resource').map((part) => [part.name, part] as const);
  return { apiVersion: found.name.split('@')[1] ?? '', body: found.bodyType, types: new Map(types) };
}
