import type { Place } from './finding.ts';
import {
  FunctionValue,
  isList,
  ObjectValue,
  PartlyUnknown,
  toJson,
  toSource,
  toText,
  Unknown,
  type Value,
} from './value.ts';

interface Call {
  readonly at: Place;
  readonly load: (path: string) => string | undefined;
}

type Builtin = (given: readonly Value[], call: Call) => Value | undefined;

/** A function of Bicep's own. What is not known here, or depends on the deployment, is unknown by its text. */
export function callBuiltin(name: string, given: readonly Value[], call: Call): Value {
  const result = BUILTINS[name]?.(given, call);
  return result ?? new Unknown(`${name}(${given.map(toSource).join(', ')})`);
}

/** For texts that are known; undefined otherwise. */
function ofTexts(result: (...texts: readonly string[]) => Value): Builtin {
  return (given) => (given.every((value) => typeof value === 'string') ? result(...given) : undefined);
}

function ofList(result: (list: readonly Value[], ...rest: readonly Value[]) => Value | undefined): Builtin {
  return ([list, ...rest]) => (isList(list) ? result(list, ...rest) : undefined);
}

/** A text that was made from others. */
const textFrom = (text: string, parts: readonly (Value | undefined)[]): Value =>
  parts.some((part) => part instanceof Unknown) ? new PartlyUnknown(text) : text;

const asFunction = (value: Value | undefined) => (value instanceof FunctionValue ? value.call : () => null);

/** A number of characters or items from the front of it, or from there on. */
function slice(value: Value | undefined, from: number, to?: number): Value | undefined {
  if (typeof value === 'string') return value.slice(from, to);
  return isList(value) ? value.slice(from, to) : undefined;
}

/** Objects are merged deeply, lists become one without doubles. */
function union(first: Value, second: Value): Value | undefined {
  if (isList(first) && isList(second)) {
    const known = new Set(first.map(toText));
    return [...first, ...second.filter((item) => !known.has(toText(item)))];
  }
  if (!(first instanceof ObjectValue && second instanceof ObjectValue)) return undefined;
  const merged = new Map(first.properties);
  for (const [name, property] of second.properties) {
    const before = merged.get(name)?.value;
    const value = before === undefined || isList(before) ? undefined : union(before, property.value);
    merged.set(name, { value: value ?? property.value, at: property.at });
  }
  return new ObjectValue(merged, first.at);
}

function fromJson(value: unknown, at: Place): Value {
  if (Array.isArray(value)) return value.map((item) => fromJson(item, at));
  if (typeof value === 'object' && value !== null) {
    return new ObjectValue(
      Object.entries(value).map(([name, item]) => [name, { value: fromJson(item, at), at }] as const),
      at,
    );
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function contains(container: Value | undefined, item: Value | undefined): Value | undefined {
  if (item === undefined || item instanceof Unknown) return undefined;
  if (typeof container === 'string') return container.includes(toText(item));
  if (container instanceof ObjectValue) return container.properties.has(toText(item));
  if (!isList(container)) return undefined;
  return (
    container.some((one) => toText(one) === toText(item)) ||
    (container.some((one) => one instanceof Unknown) ? undefined : false)
  );
}

function length(value: Value | undefined): number | undefined {
  if (typeof value === 'string' || isList(value)) return value.length;
  return value instanceof ObjectValue ? value.properties.size : undefined;
}

const BUILTINS: Readonly<Record<string, Builtin>> = {
  any: ([value]) => value,
  array: ([value]) => (value === undefined || value instanceof Unknown ? undefined : isList(value) ? value : [value]),
  base64: ofTexts((text = '') => Buffer.from(text).toString('base64')),
  coalesce: (given) => given.find((value) => value !== null),
  concat: (given) => {
    if (given.every(isList)) return given.flat();
    return ofTexts((...texts) => texts.join(''))(given, { at: { file: '', line: 0 }, load: () => undefined });
  },
  contains: ([container, item]) => contains(container, item),
  empty: ([value]) => (value === null ? true : value instanceof Unknown ? undefined : length(value) === 0),
  endsWith: ofTexts((text = '', end = '') => text.endsWith(end)),
  filter: ofList((list, test) => list.filter((item) => asFunction(test)([item]) !== false)),
  first: ([value]) => (isList(value) ? (value[0] ?? null) : slice(value, 0, 1)),
  flatten: ofList((list) => (list.every(isList) ? list.flat() : undefined)),
  format: ([text, ...rest]) =>
    typeof text === 'string' && !rest.some((value) => value instanceof Unknown)
      ? text.replaceAll(/\{(\d+)\}/g, (_, index: string) => toText(rest[Number(index)] ?? ''))
      : undefined,
  int: ([value]) => (value === undefined || value instanceof Unknown ? undefined : Number(value)),
  items: ([object], { at }) =>
    object instanceof ObjectValue
      ? [...object.properties]
          .sort(([one], [other]) => one.localeCompare(other))
          .map(
            ([name, property]) =>
              new ObjectValue(
                [
                  ['key', { value: name, at }],
                  ['value', property],
                ],
                at,
              ),
          )
      : undefined,
  join: ofList((list, separator) => textFrom(list.map(toText).join(toText(separator ?? '')), list)),
  json: ([text], { at }) => (typeof text === 'string' ? fromJson(JSON.parse(text), at) : undefined),
  last: ([value]) => (isList(value) ? (value.at(-1) ?? null) : slice(value, -1)),
  length: ([value]) => length(value),
  loadJsonContent: ([path], { at, load }) => {
    const text = load(toText(path ?? ''));
    return text === undefined ? undefined : fromJson(JSON.parse(text), at);
  },
  loadTextContent: ([path], { load }) => load(toText(path ?? '')),
  map: ofList((list, change) => list.map((item, index) => asFunction(change)([item, index]))),
  max: (given) => (given.every((value) => typeof value === 'number') ? Math.max(...given) : undefined),
  min: (given) => (given.every((value) => typeof value === 'number') ? Math.min(...given) : undefined),
  objectKeys: ([object]) => (object instanceof ObjectValue ? [...object.properties.keys()].sort() : undefined),
  range: ([start, count]) => Array.from({ length: Number(count) }, (_, index) => Number(start) + index),
  readEnvironmentVariable: ([, byDefault]) => byDefault,
  reduce: ofList((list, start, change) => list.reduce((sum, item) => asFunction(change)([sum, item]), start ?? null)),
  replace: ([text, from, to]) =>
    text instanceof Unknown && !(text instanceof PartlyUnknown)
      ? undefined
      : textFrom(toText(text ?? '').replaceAll(toText(from ?? ''), toText(to ?? '')), [text, from, to]),
  skip: ([value, count]) => slice(value, Number(count)),
  split: ofTexts((text = '', separator = '') => text.split(separator)),
  startsWith: ofTexts((text = '', start = '') => text.startsWith(start)),
  string: ([value]) =>
    value === undefined || value instanceof Unknown
      ? undefined
      : typeof value === 'object'
        ? JSON.stringify(toJson(value))
        : String(value),
  substring: ([value, from, count]) =>
    typeof value === 'string'
      ? value.slice(Number(from), count === undefined ? undefined : Number(from) + Number(count))
      : undefined,
  take: ([value, count]) => slice(value, 0, Number(count)),
  toLower: ofTexts((text = '') => text.toLowerCase()),
  toObject: (given, { at }) => {
    const [list, key, change] = given;
    if (!isList(list)) return undefined;
    const entries = list.map((item) => {
      const value = change === undefined ? item : asFunction(change)([item]);
      return [toText(asFunction(key)([item])), { value, at }] as const;
    });
    return new ObjectValue(entries, at);
  },
  toUpper: ofTexts((text = '') => text.toUpperCase()),
  trim: ofTexts((text = '') => text.trim()),
  tryGet: ([object, name]) => (object instanceof ObjectValue ? (object.get(toText(name ?? '')) ?? null) : undefined),
  union: ([first, ...rest]) =>
    rest.reduce<Value | undefined>((sum, next) => (sum === undefined ? undefined : union(sum, next)), first),
  uriComponent: ofTexts((text = '') => encodeURIComponent(text)),
};
