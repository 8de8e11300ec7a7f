import type { Finding, Place } from '../finding.ts';
import { isList, ObjectValue, ResourceValue, Unknown, type Value } from '../value.ts';
import type { ObjectSchema, Schema, SchemaProperty } from './schema.ts';

/** Compares a value with a type of the schema: `Sku`, `string[]`, `Basic | Standard | string`. What is unknown passes. */
export function checkValue(value: Value, type: string, at: Place, schema: Schema): readonly Finding[] {
  if (value === null || value instanceof Unknown || value instanceof ResourceValue || type === 'any') return [];
  if (isList(value)) return checkList(value, type, at, schema);
  const named = schema.types.get(type);
  if (named !== undefined) return checkNamed(value, named, at, schema);
  return checkScalar(value, type, at);
}

function checkList(value: readonly Value[], type: string, at: Place, schema: Schema): readonly Finding[] {
  if (!type.endsWith('[]')) return [{ ...at, message: `is a list, where ${type} is wanted` }];
  const items = type.slice(0, -2).replace(/^\((.*)\)$/, '$1');
  return value.flatMap((item) => checkValue(item, items, item instanceof ObjectValue ? item.at : at, schema));
}

function checkNamed(value: Value, type: ObjectSchema, at: Place, schema: Schema): readonly Finding[] {
  if (value instanceof ObjectValue) return checkObject(value, type, at, schema);
  return [{ ...at, message: `is ${JSON.stringify(value)}, where an object (${type.name}) is wanted` }];
}

function checkScalar(value: Value, type: string, at: Place): readonly Finding[] {
  const alternatives = type.split(' | ');
  if (value instanceof ObjectValue) return [{ ...at, message: `is an object, where ${type} is wanted` }];
  const enumeration = alternatives.filter((alternative) => !PRIMITIVES.has(alternative));
  if (typeof value === 'string' && enumeration.length > 0) {
    return enumeration.includes(value)
      ? []
      : [{ ...at, message: `is '${value}', which is none of ${enumeration.join(', ')}` }];
  }
  const wanted = typeof value === 'number' ? 'int' : typeof value === 'boolean' ? 'bool' : 'string';
  return alternatives.includes(wanted)
    ? []
    : [{ ...at, message: `is ${JSON.stringify(value)}, where ${type} is wanted` }];
}

const PRIMITIVES: ReadonlySet<string> = new Set(['string', 'int', 'bool', 'any', 'null']);

/** Compares an object: its properties exist, can be set and have values that can be; none that is required lacks. */
export function checkObject(object: ObjectValue, type: ObjectSchema, at: Place, schema: Schema): readonly Finding[] {
  const { properties, additional, findings } = propertiesOf(object, type, at);
  const known = new Map(properties.map((property) => [property.name, property]));
  return [
    ...findings,
    ...properties
      .filter(({ name, flags }) => /\bRequired\b/.test(flags) && !/\bReadOnly\b/.test(flags) && isMissing(object, name))
      .map(({ name }) => ({ ...at, message: `lacks ${name}, which ${type.name} requires` })),
    ...[...object.properties].flatMap(([name, { value, at: place }]) => {
      const property = known.get(name);
      if (property !== undefined) return checkProperty(value, property, place, schema);
      if (additional !== undefined) return checkValue(value, additional, place, schema);
      return isComputed(name)
        ? []
        : [{ ...place, message: `${name} is no property of ${type.name}${hint(name, known)}` }];
    }),
  ];
}

const isMissing = (object: ObjectValue, name: string) => (object.get(name) ?? null) === null;

/** Names with unknown parts stand with these in braces. */
const isComputed = (name: string) => name.includes('{');

function hint(name: string, known: ReadonlyMap<string, SchemaProperty>): string {
  const same = [...known.keys()].find((other) => other.toLowerCase() === name.toLowerCase());
  return same ? ` (${same} is)` : '';
}

function propertiesOf(object: ObjectValue, type: ObjectSchema, at: Place) {
  if (type.$type === 'Object')
    return { properties: type.properties, additional: type.additionalPropertiesType, findings: [] };
  const value = object.get(type.discriminator);
  const element = type.elements.find(({ properties }) =>
    properties.some((property) => property.name === type.discriminator && property.type === value),
  );
  const all = [...type.baseProperties, ...(element?.properties ?? [])];
  if (element) return { properties: all, additional: element.additionalPropertiesType, findings: [] };
  const isKnown = value !== undefined && !(value instanceof Unknown);
  const message = `${type.discriminator} is none of ${type.elements.map(({ name }) => name).join(', ')}`;
  return { properties: all, additional: 'any', findings: isKnown ? [{ ...at, message }] : [] };
}

function checkProperty(value: Value, property: SchemaProperty, at: Place, schema: Schema): readonly Finding[] {
  if (/\bReadOnly\b/.test(property.flags)) return [{ ...at, message: `${property.name} can only be read` }];
  const within = (finding: Finding) =>
    finding.message.startsWith('is ') ? { ...finding, message: `${property.name} ${finding.message}` } : finding;
  return [...checkValue(value, property.type, at, schema).map(within), ...checkLimits(value, property, at)];
}

const LIMITS: readonly (readonly [name: string, isBroken: (size: number, limit: number) => boolean])[] = [
  ['min', (size, limit) => size < limit],
  ['max', (size, limit) => size > limit],
];

function checkLimits(value: Value, { name, modifiers }: SchemaProperty, at: Place): readonly Finding[] {
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  const [size, kind] = typeof value === 'string' ? [value.length, 'Length'] : [value, 'Value'];
  return LIMITS.flatMap(([side, isBroken]) => {
    const limit = new RegExp(`${side}${kind}: (-?\\d+)`).exec(modifiers)?.[1];
    if (limit === undefined || !isBroken(size, Number(limit))) return [];
    return [{ ...at, message: `${name} is ${JSON.stringify(value)}: ${side}imum ${kind.toLowerCase()} is ${limit}` }];
  });
}
