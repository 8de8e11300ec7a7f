import type { Parameter } from './read-file.ts';
import { isList, ObjectValue, Unknown, type Value } from './value.ts';

/** Why a parameter cannot have a value, as far as both are known: its type, or one of its limits. */
export function problemOfValue(parameter: Parameter, value: Value): string | undefined {
  if (value === null || value instanceof Unknown) return undefined;
  const wanted = KINDS[parameter.type.replace(/\?$/, '')] ?? (parameter.type.endsWith('[]') ? 'list' : undefined);
  const kind = kindOf(value);
  if (wanted !== undefined && kind !== undefined && kind !== wanted) {
    return `${parameter.name} is of type ${parameter.type}, and cannot be ${show(value)}`;
  }
  return brokenLimit(parameter, value);
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'string',
  int: 'number',
  bool: 'boolean',
  array: 'list',
  object: 'object',
};

function kindOf(value: Value): string | undefined {
  if (isList(value)) return 'list';
  if (value instanceof ObjectValue) return 'object';
  return typeof value === 'object' ? undefined : typeof value;
}

const show = (value: Value): string =>
  isList(value) ? 'a list' : typeof value === 'object' ? 'an object' : JSON.stringify(value);

function brokenLimit(parameter: Parameter, value: Value): string | undefined {
  return notAllowed(parameter, value) ?? outOfBounds(parameter, value);
}

function notAllowed({ name, limits }: Parameter, value: Value): string | undefined {
  const allowed = limits.get('allowed');
  if (allowed?.kind !== 'array') return undefined;
  const values = allowed.items.flatMap((item) => (item.kind === 'literal' ? [item.value] : []));
  if (values.some((one) => one === value)) return undefined;
  return `${name} cannot be ${show(value)}: allowed are ${values.map((one) => JSON.stringify(one)).join(', ')}`;
}

function outOfBounds({ name, limits }: Parameter, value: Value): string | undefined {
  const size = typeof value === 'string' || isList(value) ? value.length : value;
  if (typeof size !== 'number') return undefined;
  const kind = typeof value === 'number' ? 'Value' : 'Length';
  const bound = (side: string): number | undefined => {
    const limit = limits.get(`${side}${kind}`);
    return limit?.kind === 'literal' ? Number(limit.value) : undefined;
  };
  if (size < (bound('min') ?? size)) return `${name} cannot be ${show(value)}: min${kind} is ${bound('min')}`;
  if (size > (bound('max') ?? size)) return `${name} cannot be ${show(value)}: max${kind} is ${bound('max')}`;
  return undefined;
}
