import type { JsonSchema } from './json-schema.ts';

/** A line of an event's JSON, and what the schema says about it. */
export interface EventLine {
  /** Such as `order.items.0.price`. */
  readonly path: string;
  readonly depth: number;
  /** The name of the property, or the index in an array. */
  readonly name: string;
  /** The value as JSON; empty when lines below have its parts. */
  readonly text: string;
  /** The schema has it, the event has not. */
  readonly isAbsent: boolean;
  readonly isEncrypted: boolean;
  /** Such as `integer` or `text, date-time`. */
  readonly rule: string | undefined;
  readonly note: string | undefined;
  /** How the value breaks the schema. */
  readonly problem: string | undefined;
}

/** The placeholder of encrypted and of erased data. */
const PLACEHOLDER = '[erased]';
/** A ciphertext is longer than anybody wants to read. */
const MOST_CHARACTERS = 48;

/** The lines of an event as it is stored, each with its part of the schema. Fields that the event lacks follow those that it has. */
export function annotate(
  event: Readonly<Record<string, unknown>>,
  schema: JsonSchema | undefined,
): readonly EventLine[] {
  const hasEncrypted = event.personal !== undefined;
  const linesOf = ({ value, path, name, depth, rules, isRequired }: Field): readonly EventLine[] => {
    const own = optionFor(value, rules);
    const isPlaceholder = value === PLACEHOLDER && hasEncrypted;
    const line: EventLine = {
      path,
      depth,
      name,
      text: textOf(value),
      isAbsent: value === undefined,
      isEncrypted: isPlaceholder || path === 'personal.ciphertext',
      rule: ruleOf(rules, isRequired),
      note: rules?.description ?? own?.description,
      problem: schema === undefined ? undefined : problemOf(value, rules, own, isRequired),
    };
    return [line, ...fieldsOf(value, own, { path: `${path}.`, depth: depth + 1 }).flatMap(linesOf)];
  };
  return fieldsOf(event, schema, { path: '', depth: 0 }).flatMap(linesOf);
}

interface Field extends Pick<EventLine, 'path' | 'depth' | 'name'> {
  readonly value: unknown;
  readonly rules: JsonSchema | undefined;
  readonly isRequired: boolean;
}

/** The fields of an object and those that its schema has besides, or the elements of an array. */
function fieldsOf(
  value: unknown,
  rules: JsonSchema | undefined,
  { path, depth }: Pick<EventLine, 'path' | 'depth'>,
): readonly Field[] {
  const field = (name: string, own: Pick<Field, 'value' | 'rules' | 'isRequired'>) => ({
    path: path + name,
    depth,
    name,
    ...own,
  });
  if (Array.isArray(value)) {
    const rest = { rules: rules?.items, isRequired: true };
    return value.map((element: unknown, index) => field(String(index), { value: element, ...rest }));
  }
  if (!isObject(value)) return [];
  const lacking = Object.keys(rules?.properties ?? {}).filter((name) => !(name in value));
  return [...Object.keys(value), ...lacking].map((name) =>
    field(name, {
      value: value[name],
      rules: rules?.properties?.[name],
      isRequired: rules?.required?.includes(name) ?? false,
    }),
  );
}

function textOf(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  if (typeof value === 'object' && value !== null) return text.length === 2 ? text : '';
  return text.length <= MOST_CHARACTERS + 16
    ? text
    : `${text.slice(0, MOST_CHARACTERS)}…" (${text.length - 2} characters)`;
}

function ruleOf(rules: JsonSchema | undefined, isRequired: boolean): string | undefined {
  if (rules === undefined) return undefined;
  return isRequired ? kindOf(rules) : `${kindOf(rules)}, optional`;
}

function kindOf({ anyOf, const: constant, enum: allowed, type, ...limits }: JsonSchema): string {
  if (anyOf !== undefined) return anyOf.map(kindOf).join(' or ');
  if (constant !== undefined) return `always ${JSON.stringify(constant)}`;
  if (allowed !== undefined) return allowed.map((one) => JSON.stringify(one)).join(' | ');
  const kind = [type ?? 'any'].flat().join(' or ');
  const { format, exclusiveMinimum, minLength } = limits;
  if (format !== undefined) return `${kind}, ${format}`;
  if (minLength !== undefined) return `${kind}, not empty`;
  return exclusiveMinimum === undefined ? kind : `${kind} > ${exclusiveMinimum}`;
}

/** The alternative that the value follows, or the schema itself when it has none. */
function optionFor(value: unknown, rules: JsonSchema | undefined): JsonSchema | undefined {
  return rules?.anyOf === undefined ? rules : (rules.anyOf.find((one) => isOfType(value, one)) ?? rules.anyOf[0]);
}

function problemOf(
  value: unknown,
  rules: JsonSchema | undefined,
  own: JsonSchema | undefined,
  isRequired: boolean,
): string | undefined {
  if (rules === undefined || own === undefined) return 'not in the schema';
  if (value === undefined) return isRequired ? 'missing' : undefined;
  return isOfType(value, own) && isAllowed(value, own) ? undefined : `must be ${kindOf(rules)}`;
}

function isAllowed(value: unknown, rules: JsonSchema): boolean {
  const { const: constant = value, enum: allowed = [value], exclusiveMinimum, minLength = 0 } = rules;
  if (typeof value === 'number' && exclusiveMinimum !== undefined && value <= exclusiveMinimum) return false;
  if (typeof value === 'string' && value.length < minLength) return false;
  return value === constant && allowed.includes(value);
}

function isOfType(value: unknown, { type }: JsonSchema): boolean {
  return (
    type === undefined ||
    [type].flat().some((one) => one === typeOf(value) || (one === 'number' && typeof value === 'number'))
  );
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
