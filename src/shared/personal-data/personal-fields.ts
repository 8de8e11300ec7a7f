import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { ERASED } from './placeholders.ts';

/**
 * Every string in an event's schema is marked: `personal` (it can identify someone, so it is stored encrypted) or `nonPersonal`. A
 * test fails for a string without a mark, so that no personal field is stored unencrypted by mistake.
 */
const privacy = z.registry<{ readonly privacy: 'personal' | 'nonPersonal' }>();

/** Marks a string, or an object of strings, as personal data, which is encrypted with the customer's data key. */
export function personal<Schema extends z.ZodType>(schema: Schema): Schema {
  privacy.add(schema, { privacy: 'personal' });
  return schema;
}

/** Marks a string as data that identifies nobody, which is stored unencrypted. */
export function nonPersonal<Schema extends z.ZodType>(schema: Schema): Schema {
  privacy.add(schema, { privacy: 'nonPersonal' });
  return schema;
}

/** True for a schema that is marked as personal. */
export function isPersonal(schema: z.core.$ZodType): boolean {
  return privacyOf(schema) === 'personal';
}

/** The personal parts of a value, according to its schema. */
export type PersonalFields =
  /** The whole value is personal; `placeholder` replaces it. */
  | { readonly kind: 'personal'; readonly placeholder: unknown }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, PersonalFields> }
  | { readonly kind: 'array'; readonly element: PersonalFields };

/** The personal fields in a schema; undefined when it has none. */
export function personalFieldsOf(schema: z.core.$ZodType): PersonalFields | undefined {
  const inner = unwrap(schema);
  if (isPersonal(schema)) return { kind: 'personal', placeholder: placeholderOf(inner) };
  if (inner instanceof z.ZodArray) {
    const element = personalFieldsOf(inner.element);
    return element && { kind: 'array', element };
  }
  if (!(inner instanceof z.ZodObject)) return undefined;
  const fields = Object.entries(inner.shape).flatMap(([name, field]) => {
    const found = personalFieldsOf(field);
    return found === undefined ? [] : [[name, found] as const];
  });
  return fields.length === 0 ? undefined : { kind: 'object', fields: new Map(fields) };
}

/** Paths of the strings in a schema that are marked neither `personal` nor `nonPersonal`, such as `data.reason`. */
export function unmarkedStrings(schema: z.core.$ZodType, path: readonly string[] = []): readonly string[] {
  if (privacyOf(schema) !== undefined) return [];
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape).flatMap(([name, field]) => unmarkedStrings(field, [...path, name]));
  }
  if (inner instanceof z.ZodArray) return unmarkedStrings(inner.element, [...path, '[]']);
  return cannotHoldFreeText(inner) ? [] : [path.join('.')];
}

/** A value split in two: the part to store unencrypted, with placeholders, and the personal data that they replace. */
export interface SplitValue {
  readonly clear: unknown;
  /** Undefined when the value has no personal data. */
  readonly personal: unknown;
}

/**
 * Splits a value. Fields that are null, absent or already a placeholder stay unchanged.
 * @throws {Error} when the value does not have the shape of the fields
 */
export function splitPersonal(value: unknown, fields: PersonalFields): SplitValue {
  if (value === undefined || value === null) return { clear: value, personal: undefined };
  switch (fields.kind) {
    case 'personal':
      if (isDeepStrictEqual(value, fields.placeholder)) return { clear: value, personal: undefined };
      return { clear: fields.placeholder, personal: value };
    case 'array':
      return splitArray(value, fields.element);
    case 'object':
      return splitObject(value, fields.fields);
  }
}

function splitArray(value: unknown, element: PersonalFields): SplitValue {
  if (!Array.isArray(value)) throw new Error('A list with personal data is not an array.');
  const elements = value.map((one) => splitPersonal(one, element));
  const isPersonal = elements.some(({ personal }) => personal !== undefined);
  return {
    clear: elements.map(({ clear }) => clear),
    personal: isPersonal ? elements.map(({ personal }) => personal ?? {}) : undefined,
  };
}

function splitObject(value: unknown, fields: ReadonlyMap<string, PersonalFields>): SplitValue {
  if (!isObject(value)) throw new Error('A value with personal fields is not an object.');
  const clear: Record<string, unknown> = { ...value };
  const personal: Record<string, unknown> = {};
  for (const [name, field] of fields) {
    const split = splitPersonal(value[name], field);
    if (split.personal === undefined) continue;
    clear[name] = split.clear;
    personal[name] = split.personal;
  }
  return { clear, personal: Object.keys(personal).length === 0 ? undefined : personal };
}

/** Joins the two parts of a split value. */
export function joinPersonal(clear: unknown, personal: unknown): unknown {
  if (Array.isArray(clear) && Array.isArray(personal)) {
    return clear.map((element, index) => joinPersonal(element, personal[index]));
  }
  if (!isObject(clear) || !isObject(personal)) return personal === undefined ? clear : personal;
  const joined = Object.entries(personal).map(([name, field]) => [name, joinPersonal(clear[name], field)]);
  return { ...clear, ...Object.fromEntries(joined) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The mark of a schema, or of the schema inside an optional, nullable or read-only wrapper. */
function privacyOf(schema: z.core.$ZodType): 'personal' | 'nonPersonal' | undefined {
  return privacy.get(schema)?.privacy ?? privacy.get(unwrap(schema))?.privacy;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapper =
    schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly;
  return isWrapper ? unwrap(schema.unwrap()) : schema;
}

/** A placeholder that is valid by the schema: a text in each required field. */
function placeholderOf(schema: z.core.$ZodType): unknown {
  if (schema instanceof z.ZodString) return ERASED;
  if (!(schema instanceof z.ZodObject))
    throw new Error('Only strings and objects of strings can be marked as personal.');
  const required = Object.entries(schema.shape).filter(([, field]) => !(field instanceof z.ZodOptional));
  return Object.fromEntries(required.map(([name, field]) => [name, placeholderOf(unwrap(field))]));
}

function cannotHoldFreeText(schema: z.core.$ZodType): boolean {
  return (
    schema instanceof z.ZodNumber ||
    schema instanceof z.ZodBoolean ||
    schema instanceof z.ZodEnum ||
    schema instanceof z.ZodLiteral
  );
}
