/** What WHERE requires of a document, as far as an index can find the documents. */
import { isScalar, type Scalar } from './index-values.ts';
import {
  conditionsOf,
  conjuncts,
  constantOf,
  documentNameOf,
  functionOf,
  member,
  type ParsedQuery,
  type Path,
  pathOf,
  propertyOf,
} from './query-syntax.ts';

/** The property has one of these values. */
export interface ValuesFilter {
  readonly kind: 'values';
  readonly path: Path;
  readonly values: readonly Scalar[];
}

/** The property is defined, and not below or above a limit. A limit that the query excludes is included here. */
export interface RangeFilter {
  readonly kind: 'range';
  readonly path: Path;
  readonly from?: Scalar;
  readonly to?: Scalar;
}

/** The property is an array with a text that starts with a prefix. */
export interface PrefixFilter {
  readonly kind: 'prefix';
  readonly path: Path;
  readonly prefix: string;
}

/** At least one of the filters is met. Without filters, no document meets it. */
export interface EitherFilter {
  readonly kind: 'either';
  readonly filters: readonly Filter[];
}

/** Every document that WHERE accepts meets the filter, and others may, too. */
export type Filter = ValuesFilter | RangeFilter | PrefixFilter | EitherFilter;

interface Equality {
  readonly path: Path;
  readonly values: readonly unknown[];
}

/** The filters that documents must meet, all of them. */
export function filtersOf(ast: unknown, parameters: ParsedQuery['parameters']): readonly Filter[] {
  const name = documentNameOf(ast);
  return conditionsOf(ast).flatMap((node) => filtersIn(node, name, parameters));
}

/** `c.status = @status`, in either order, and `c.status IN ('placed', @other)`: the values that a property may have. */
export function equalitiesOf(
  node: unknown,
  documentName: unknown,
  parameters: ParsedQuery['parameters'],
): readonly Equality[] {
  const toEquality = (property: unknown, values: readonly unknown[]): readonly Equality[] => {
    const path = pathOf(property, documentName);
    const constants = values.map((value) => constantOf(value, parameters));
    const known = constants.flatMap((constant) => constant ?? []);
    return path === undefined || known.length < constants.length ? [] : [{ path, values: known }];
  };
  const list = member(node, 'list');
  if (member(node, 'type') === 'scalar_in_expression' && Array.isArray(list)) {
    return toEquality(member(node, 'value'), list);
  }
  if (member(node, 'operator') !== '=') return [];
  const [left, right] = [member(node, 'left'), member(node, 'right')];
  return [...toEquality(left, [right]), ...toEquality(right, [left])];
}

function filtersIn(node: unknown, name: unknown, parameters: ParsedQuery['parameters']): readonly Filter[] {
  switch (member(node, 'type')) {
    case 'boolean_constant':
      return member(node, 'value') === false ? [{ kind: 'either', filters: [] }] : [];
    case 'scalar_function_expression':
      return functionFilters(node, name, parameters);
    case 'exists_subquery_expression':
      return prefixFilters(member(node, 'expression'), name, parameters);
    default:
      if (member(node, 'operator') === 'OR') return eitherFilters(node, name, parameters);
      return [...equalitiesOf(node, name, parameters).flatMap(valuesFilters), ...rangeFilters(node, name, parameters)];
  }
}

const valuesFilters = ({ path, values }: Equality): readonly Filter[] =>
  path.length > 0 && values.every(isScalar) ? [{ kind: 'values', path, values: [...new Set(values)] }] : [];

/** `IS_DEFINED(c.sortKey)` and `ARRAY_CONTAINS(@statuses, c.status)` */
function functionFilters(node: unknown, name: unknown, parameters: ParsedQuery['parameters']): readonly Filter[] {
  const [first, second, ...others] = argumentsOf(node);
  const called = functionOf(node);
  if (called === 'IS_DEFINED' && second === undefined) {
    const path = pathOf(first, name);
    return path === undefined || path.length === 0 ? [] : [{ kind: 'range', path }];
  }
  if (called !== 'ARRAY_CONTAINS' || others.length > 0) return [];
  const [path, list] = [pathOf(second, name), constantOf(first, parameters)?.[0]];
  return path === undefined || !Array.isArray(list) ? [] : valuesFilters({ path, values: list });
}

/** `EXISTS(SELECT VALUE w FROM w IN c.words WHERE STARTSWITH(w, @prefix))` */
function prefixFilters(query: unknown, name: unknown, parameters: ParsedQuery['parameters']): readonly Filter[] {
  const source = member(query, 'from', 'source');
  const array = member(source, 'expression');
  const property = propertyOf(array);
  const isOfDocument = member(array, 'object', 'expression', 'name') === name;
  const condition = member(query, 'where', 'condition');
  const [text, start] = argumentsOf(condition);
  const word = member(source, 'alias', 'name');
  const isStart = functionOf(condition) === 'STARTSWITH' && member(text, 'name') === word;
  const isIteration = member(source, 'iteration') === true && member(query, 'top') === null;
  const isOfWords = isOfDocument && isIteration && member(query, 'select', 'value', 'name') === word;
  const prefix = constantOf(start, parameters)?.[0];
  if (property === undefined || !isStart || !isOfWords || typeof prefix !== 'string') return [];
  return [{ kind: 'prefix', path: [property], prefix }];
}

/** `c.hour >= @from OR IS_DEFINED(c.completeUpTo)`: one filter for each side. */
function eitherFilters(node: unknown, name: unknown, parameters: ParsedQuery['parameters']): readonly Filter[] {
  const sides = ['left', 'right'].map((side) =>
    conjuncts(member(node, side)).flatMap((condition) => filtersIn(condition, name, parameters)),
  );
  const filters = sides.flatMap(([first]) => first ?? []);
  return filters.length < sides.length ? [] : [{ kind: 'either', filters }];
}

const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** `c.placedAt >= @from`, in either order. */
function rangeFilters(node: unknown, name: unknown, parameters: ParsedQuery['parameters']): readonly Filter[] {
  const operator = String(member(node, 'operator'));
  const mirrored = MIRRORED[operator];
  if (mirrored === undefined) return [];
  const toRange = (property: unknown, value: unknown, direction: string): readonly Filter[] => {
    const path = pathOf(property, name);
    const limit = constantOf(value, parameters)?.[0];
    if (path === undefined || path.length === 0 || !isScalar(limit)) return [];
    return [{ kind: 'range', path, ...(direction.startsWith('>') ? { from: limit } : { to: limit }) }];
  };
  const [left, right] = [member(node, 'left'), member(node, 'right')];
  return [...toRange(left, right, operator), ...toRange(right, left, mirrored)];
}

function argumentsOf(node: unknown): readonly unknown[] {
  const given = member(node, 'arguments');
  return Array.isArray(given) ? given : [];
}
