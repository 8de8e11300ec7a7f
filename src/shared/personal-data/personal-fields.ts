import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ERASED } from './placeholders.ts';

/**
 * What may be read by whom is part of an event's schema: every string in it is marked `personal` (it may identify someone, so it is
 * stored encrypted) or `open`. A test fails for a string without a mark, so that no personal field is ever stored in clear by
 * omission.
 */
const privacy = z.registry<{ readonly privacy: 'personal' | 'open' }>();

/** Marks a string, or an object of strings, as personal data: it is encrypted with the customer's data key. */
export function personal<Schema extends z.ZodType>(schema: Schema): Schema {
  privacy.add(schema, { privacy: 'personal' });
  return schema;
}

/** Marks a string as data that identifies nobody: it is stored in clear. */
export function open<Schema extends z.ZodType>(schema: Schema): Schema {
  privacy.add(schema, { privacy: 'open' });
  return schema;
}

/** Which parts of a value are personal, as its schema says. */
export type PersonalFields =
  /** The whole value, and what replaces it in clear. */
  | { readonly kind: 'personal'; readonly placeholder: unknown }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, PersonalFields> }
  | { readonly kind: 'array'; readonly element: PersonalFields };

/** The personal fields in a schema; undefined when it has none. */
export function personalFieldsOf(schema: z.core.$ZodType): PersonalFields | undefined {
  const inner = unwrap(schema);
  if (privacyOf(schema) === 'personal') return { kind: 'personal', placeholder: placeholderOf(inner) };
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

/** Paths of the strings in a schema that are marked neither `personal` nor `open`, such as `data.reason`. */
export function unmarkedStrings(schema: z.core.$ZodType, path: readonly string[] = []): readonly string[] {
  if (privacyOf(schema) !== undefined) return [];
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape).flatMap(([name, field]) => unmarkedStrings(field, [...path, name]));
  }
  if (inner instanceof z.ZodArray) return unmarkedStrings(inner.element, [...path, '[]']);
  return isClosed(inner) ? [] : [path.join('.')];
}

/** A value in two halves: what may be stored in clear, and the personal data that placeholders replace there. */
export interface SplitValue {
  readonly open: unknown;
  /** Undefined when the value holds no personal data. */
  readonly personal: unknown;
}

/** Splits a value. What is null, absent or a placeholder already stays where it is. */
export function splitPersonal(value: unknown, fields: PersonalFields): SplitValue {
  if (value === undefined || value === null) return { open: value, personal: undefined };
  switch (fields.kind) {
    case 'personal':
      if (isDeepStrictEqual(value, fields.placeholder)) return { open: value, personal: undefined };
      return { open: fields.placeholder, personal: value };
    case 'array': {
      const elements = z
        .array(z.unknown())
        .parse(value)
        .map((element) => splitPersonal(element, fields.element));
      const isPersonal = elements.some(({ personal }) => personal !== undefined);
      return {
        open: elements.map(({ open }) => open),
        personal: isPersonal ? elements.map(({ personal }) => personal ?? {}) : undefined,
      };
    }
    case 'object':
      return splitObject(z.record(z.string(), z.unknown()).parse(value), fields.fields);
  }
}

function splitObject(value: Record<string, unknown>, fields: ReadonlyMap<string, PersonalFields>): SplitValue {
  const open = { ...value };
  const personal: Record<string, unknown> = {};
  for (const [name, field] of fields) {
    const split = splitPersonal(value[name], field);
    if (split.personal === undefined) continue;
    open[name] = split.open;
    personal[name] = split.personal;
  }
  return { open, personal: Object.keys(personal).length === 0 ? undefined : personal };
}

/** Puts the halves of a value together again. */
export function joinPersonal(open: unknown, personal: unknown): unknown {
  if (Array.isArray(open) && Array.isArray(personal)) {
    return open.map((element, index) => joinPersonal(element, personal[index]));
  }
  if (!isObject(open) || !isObject(personal)) return personal === undefined ? open : personal;
  const joined = Object.entries(personal).map(([name, field]) => [name, joinPersonal(open[name], field)]);
  return { ...open, ...Object.fromEntries(joined) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The mark of a schema, or of what it wraps as optional, nullable or read-only. */
function privacyOf(schema: z.core.$ZodType): 'personal' | 'open' | undefined {
  return privacy.get(schema)?.privacy ?? privacy.get(unwrap(schema))?.privacy;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapper =
    schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly;
  return isWrapper ? unwrap(schema.unwrap()) : schema;
}

/** A placeholder keeps the schema valid: a text in each required field. */
function placeholderOf(schema: z.core.$ZodType): unknown {
  if (schema instanceof z.ZodString) return ERASED;
  if (!(schema instanceof z.ZodObject))
    throw new Error('Only strings and objects of strings can be marked as personal.');
  const required = Object.entries(schema.shape).filter(([, field]) => !(field instanceof z.ZodOptional));
  return Object.fromEntries(required.map(([name, field]) => [name, placeholderOf(unwrap(field))]));
}

/** True for a type whose values cannot hold a text of somebody's choice. */
function isClosed(schema: z.core.$ZodType): boolean {
  return (
    schema instanceof z.ZodNumber ||
    schema instanceof z.ZodBoolean ||
    schema instanceof z.ZodEnum ||
    schema instanceof z.ZodLiteral
  );
}
