/** Reads the syntax trees of the engine's parser. */
import { isJsonObject } from './stored-document.ts';

/** A parsed query with its parameters. */
export interface ParsedQuery {
  readonly ast: unknown;
  readonly parameters: readonly { readonly name: string; readonly value: unknown }[];
}

/** The names of a property and of the properties that contain it: `['address', 'city']` in `c.address.city`. */
export type Path = readonly string[];

/** A property by which a query sorts. */
export interface SortProperty {
  readonly path: Path;
  readonly isDescending: boolean;
}

/** The name of the document in a query: `c` in `FROM c`. */
export function documentNameOf(ast: unknown): unknown {
  const source = member(ast, 'body', 'from', 'source');
  return member(source, 'alias', 'name') ?? member(source, 'expression', 'expression', 'name');
}

/** Whether the query reads whole documents, rather than a part of each. */
export function readsDocuments(ast: unknown): boolean {
  const source = member(ast, 'body', 'from', 'source');
  return member(source, 'expression', 'type') === 'collection_expression' && member(source, 'iteration') !== true;
}

/** The conditions of WHERE, which AND combines. */
export const conditionsOf = (ast: unknown): readonly unknown[] => conjuncts(member(ast, 'body', 'where', 'condition'));

/** The conditions that are combined with AND. */
export function conjuncts(node: unknown): readonly unknown[] {
  if (node === undefined || node === null) return [];
  if (member(node, 'operator') !== 'AND') return [node];
  return [...conjuncts(member(node, 'left')), ...conjuncts(member(node, 'right'))];
}

/** The properties of ORDER BY; undefined when one is not a property of the document. */
export function sortOf(ast: unknown): readonly SortProperty[] | undefined {
  const expressions = member(ast, 'body', 'orderBy', 'expressions') ?? [];
  if (!Array.isArray(expressions)) return undefined;
  const name = documentNameOf(ast);
  const sorted = expressions.flatMap((node): SortProperty[] => {
    const path = pathOf(member(node, 'expression'), name);
    return path === undefined ? [] : [{ path, isDescending: member(node, 'order') === 'DESC' }];
  });
  return sorted.length === expressions.length ? sorted : undefined;
}

/** The number in TOP; undefined without TOP. Infinity when the engine does not take it as a number of results: `TOP @minusOne`. */
export function topOf({ ast, parameters }: ParsedQuery): number | undefined {
  const value = member(ast, 'body', 'top', 'value');
  if (value === undefined) return undefined;
  const top = constantOf(value, parameters)?.[0];
  return typeof top === 'number' && top >= 0 ? top : Infinity;
}

/** The path of a property of the document; undefined for any other expression. */
export function pathOf(node: unknown, documentName: unknown): Path | undefined {
  if (member(node, 'type') === 'identifier') return member(node, 'name') === documentName ? [] : undefined;
  if (member(node, 'type') !== 'scalar_member_expression') return undefined;
  const owner = pathOf(member(node, 'object'), documentName);
  const name = propertyOf(node);
  return owner === undefined || name === undefined ? undefined : [...owner, name];
}

/** The property of a member expression that is written as `.name` or `["name"]`; undefined for any other: `[@name]`. */
export function propertyOf(node: unknown): string | undefined {
  const isComputed = member(node, 'computed') === true;
  const property = member(node, 'property');
  if (member(property, 'type') !== (isComputed ? 'string_constant' : 'identifier')) return undefined;
  return textOf(member(property, isComputed ? 'value' : 'name'));
}

/** The name of a function in upper case; undefined for any other expression, and for a user-defined function. */
export function functionOf(node: unknown): string | undefined {
  return member(node, 'udf') === true ? undefined : textOf(member(node, 'name', 'name'))?.toUpperCase();
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The value of a scalar constant or a parameter, in an array; undefined for any other expression. */
export function constantOf(node: unknown, parameters: ParsedQuery['parameters']): readonly [unknown] | undefined {
  switch (member(node, 'type')) {
    case 'string_constant':
    case 'number_constant':
    case 'boolean_constant':
      return [member(node, 'value')];
    case 'null_constant':
      return [null];
    case 'parameter_name': {
      // Of several parameters with the same name, the engine uses the last.
      const parameter = parameters.findLast(({ name }) => name === member(node, 'name'));
      return parameter && [parameter.value];
    }
    default:
      return undefined;
  }
}

export function member(node: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((value, name) => (isJsonObject(value) ? value[name] : undefined), node);
}
