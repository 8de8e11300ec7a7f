/** Reads the syntax trees of the engine's parser. */
import { isJsonObject, type Json } from './stored-document.ts';

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

/** The number in TOP. */
export function topOf(ast: unknown): number | undefined {
  const top = member(ast, 'body', 'top', 'value', 'value');
  return typeof top === 'number' ? top : undefined;
}

/** The path of a property of the document; undefined for any other expression. */
export function pathOf(node: unknown, documentName: unknown): Path | undefined {
  if (member(node, 'type') === 'identifier') return member(node, 'name') === documentName ? [] : undefined;
  if (member(node, 'type') !== 'scalar_member_expression') return undefined;
  const owner = pathOf(member(node, 'object'), documentName);
  const name = nameOf(member(node, 'property'));
  return owner === undefined || name === undefined ? undefined : [...owner, name];
}

/** A name that is written as `.name` or `["name"]`. */
export function nameOf(property: unknown): string | undefined {
  const name = member(property, 'name') ?? member(property, 'value');
  return typeof name === 'string' ? name : undefined;
}

/** The value of a constant or a parameter, in an array; undefined when it is neither. */
export function constantOf(node: unknown, parameters: ParsedQuery['parameters']): readonly [unknown] | undefined {
  const type = member(node, 'type');
  if (type === 'parameter_name') {
    const parameter = parameters.find(({ name }) => name === member(node, 'name'));
    return parameter && [parameter.value];
  }
  return typeof type === 'string' && type.endsWith('_constant') ? [member(node, 'value') ?? null] : undefined;
}

export function member(node: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), node);
}

/** The parser's nodes are objects without a prototype in common. */
const isObject = (value: unknown): value is Json => isJsonObject(value);
