import { callBuiltin } from './evaluate-functions.ts';
import type { Expression, ExpressionOf } from './expression.ts';
import type { Finding } from './finding.ts';
import {
  FunctionValue,
  isList,
  ModuleValue,
  ObjectValue,
  PartlyUnknown,
  ResourceValue,
  toSource,
  toText,
  Unknown,
  type Value,
} from './value.ts';

/** What names stand for, and how to load a file by the path that the template writes. */
export interface Scope {
  readonly lookup: (name: string) => Value | undefined;
  readonly load: (path: string) => string | undefined;
  /** Told of what would fail in the deployment. */
  readonly report: (finding: Finding) => void;
}

/** A scope with some names more. */
export function within(scope: Scope, names: ReadonlyMap<string, () => Value>): Scope {
  return { ...scope, lookup: (name) => names.get(name)?.() ?? scope.lookup(name) };
}

/** What an expression comes to, as far as it can be told without deploying. */
export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'string':
      return interpolate(expression.parts.map((part) => evaluate(part, scope)));
    case 'object':
      return evaluateObject(expression, scope);
    case 'array':
      return expression.items.map((item) => evaluate(item, scope));
    case 'name':
      return scope.lookup(expression.name) ?? new Unknown(expression.name);
    case 'member':
      return member(expression, scope);
    case 'index':
      return itemOf(evaluate(expression.object, scope), evaluate(expression.index, scope));
    case 'nested':
      return nestedIn(evaluate(expression.object, scope), expression.resource);
    case 'call':
      return evaluateCall(expression, scope);
    case 'unary':
      return unary(expression.operator, evaluate(expression.operand, scope));
    case 'binary':
      return binary(expression, scope);
    case 'ternary':
      return ternary(expression, scope);
    case 'lambda':
      return lambda(expression, scope);
    case 'for':
      return evaluateLoop(expression, scope);
    case 'if':
      return evaluate(expression.body, scope);
  }
}

function interpolate(parts: readonly Value[]): Value {
  const text = parts.map(toText).join('');
  return parts.some((part) => part instanceof Unknown || part instanceof ResourceValue)
    ? new PartlyUnknown(text)
    : text;
}

/** An object without what is nested in it. */
export function evaluateObject(expression: ExpressionOf<'object'>, scope: Scope): ObjectValue {
  const entries = expression.properties.map(({ key, value }) => {
    const property = { value: evaluate(value, scope), at: key.at };
    return [toText(evaluate(key, scope)), property] as const;
  });
  return new ObjectValue(entries, expression.at);
}

function member({ object, property, safe, at }: ExpressionOf<'member'>, scope: Scope): Value {
  const value = evaluate(object, scope);
  if (value instanceof ObjectValue && !safe && !value.properties.has(property)) {
    scope.report({ ...at, message: `there is no ${property} in the object made at ${value.at.file}:${value.at.line}` });
  }
  return memberOf(value, property);
}

/** A property; null where an object has none. */
export function memberOf(object: Value, property: string): Value {
  if (object instanceof ObjectValue) return object.get(property) ?? null;
  if (object instanceof ModuleValue)
    return property === 'outputs' ? object.outputs() : new Unknown(`module.${property}`);
  if (object instanceof ResourceValue) return memberOfResource(object, property);
  if (!(object instanceof Unknown)) return null;
  const known = object.known?.get(property);
  if (known === undefined) return new Unknown(`${object.text}.${property}`);
  return known instanceof ObjectValue ? new Unknown(`${object.text}.${property}`, known) : known;
}

function memberOfResource(resource: ResourceValue, property: string): Value {
  if (property === 'type') return resource.source.type;
  if (property === 'apiVersion') return resource.source.apiVersion;
  const own = resource.body.get(property);
  if (own === undefined || own instanceof ObjectValue) return new Unknown(`${resource.address}.${property}`, own);
  return own;
}

function itemOf(object: Value, index: Value): Value {
  if (isList(object) && typeof index === 'number') return object[index] ?? null;
  if (typeof index === 'string') return memberOf(object, index);
  return new Unknown(`${toSource(object)}[${toSource(index)}]`);
}

function nestedIn(object: Value, resource: string): Value {
  const nested = object instanceof ResourceValue ? object.nested.get(resource) : undefined;
  return nested?.() ?? new Unknown(`${toSource(object)}::${resource}`);
}

function evaluateCall({ callee, arguments: given }: ExpressionOf<'call'>, scope: Scope): Value {
  const values = given.map((one) => evaluate(one, scope));
  const name = callee.kind === 'member' ? callee.property : callee.kind === 'name' ? callee.name : '';
  if (callee.kind === 'member' && !(callee.object.kind === 'name' && ['az', 'sys'].includes(callee.object.name))) {
    return new Unknown(`${toSource(evaluate(callee.object, scope))}.${name}(${values.map(toSource).join(', ')})`);
  }
  const own = scope.lookup(name);
  return own instanceof FunctionValue
    ? own.call(values)
    : callBuiltin(name, values, { at: callee.at, load: scope.load });
}

function unary(operator: string, operand: Value): Value {
  if (operand instanceof Unknown) return new Unknown(`${operator}${toSource(operand)}`);
  return operator === '!' ? operand !== true : -Number(operand);
}

function binary({ operator, left, right }: ExpressionOf<'binary'>, scope: Scope): Value {
  const first = evaluate(left, scope);
  if (operator === '&&' && first === false) return false;
  if (operator === '||' && first === true) return true;
  if (operator === '??' && first !== null) return first;
  const second = evaluate(right, scope);
  if (operator === '??') return second;
  if (first instanceof Unknown || second instanceof Unknown) {
    return new Unknown(`${toSource(first)} ${operator} ${toSource(second)}`);
  }
  return OPERATORS[operator]?.(first, second) ?? new Unknown(`${toSource(first)} ${operator} ${toSource(second)}`);
}

const lower = (value: Value) => toText(value).toLowerCase();

const OPERATORS: Readonly<Record<string, (left: Value, right: Value) => Value>> = {
  '&&': (left, right) => left === true && right === true,
  '||': (left, right) => left === true || right === true,
  '==': (left, right) => toText(left) === toText(right),
  '!=': (left, right) => toText(left) !== toText(right),
  '=~': (left, right) => lower(left) === lower(right),
  '!~': (left, right) => lower(left) !== lower(right),
  '+': (left, right) => Number(left) + Number(right),
  '-': (left, right) => Number(left) - Number(right),
  '*': (left, right) => Number(left) * Number(right),
  '/': (left, right) => Math.trunc(Number(left) / Number(right)),
  '%': (left, right) => Number(left) % Number(right),
  '<': (left, right) => Number(left) < Number(right),
  '<=': (left, right) => Number(left) <= Number(right),
  '>': (left, right) => Number(left) > Number(right),
  '>=': (left, right) => Number(left) >= Number(right),
};

function ternary({ condition, yes, no }: ExpressionOf<'ternary'>, scope: Scope): Value {
  const value = evaluate(condition, scope);
  if (value === true) return evaluate(yes, scope);
  if (value === false) return evaluate(no, scope);
  return new Unknown([value, evaluate(yes, scope), evaluate(no, scope)].map(toSource).join(' or '));
}

function lambda({ parameters, body }: ExpressionOf<'lambda'>, scope: Scope): FunctionValue {
  return new FunctionValue((given) => {
    const names = parameters.map((name, index) => [name, () => given[index] ?? null] as const);
    return evaluate(body, within(scope, new Map(names)));
  });
}

function evaluateLoop(loop: ExpressionOf<'for'>, scope: Scope): Value {
  const scopes = loopScopes(loop, scope);
  return scopes.flatMap((inner) => {
    const included = loop.body.kind === 'if' ? evaluate(loop.body.condition, inner) : true;
    return included === false ? [] : [evaluate(loop.body, inner)];
  });
}

/** The scope of each round; of one, when the list is not known. */
export function loopScopes({ names, list }: ExpressionOf<'for'>, scope: Scope): readonly Scope[] {
  const items = evaluate(list, scope);
  const [item = '', index] = names;
  const rounds: readonly Value[] = isList(items) ? items : [new Unknown(`${toSource(items)}[*]`)];
  return rounds.map((value, position) => {
    const own: (readonly [string, () => Value])[] = [[item, () => value]];
    return within(scope, new Map(index === undefined ? own : [...own, [index, () => position]]));
  });
}
