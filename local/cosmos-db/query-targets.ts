/** Which partition keys the documents of a query can have, as its WHERE clause says. */
import { isJsonObject, type Json } from './container-documents.ts';
import { effectivePartitionKey } from './partition-key-hash.ts';
import { ALL_KEYS, type KeyRange } from './physical-partitions.ts';

/** A parsed query with its parameters. */
export interface ParsedQuery {
  readonly ast: unknown;
  readonly parameters: readonly { readonly name: string; readonly value: unknown }[];
}

export interface QueryTargets {
  /** Sorted, without overlaps. */
  readonly ranges: readonly KeyRange[];
  /** The name of the document in the query: `c` in `FROM c`. */
  readonly document: string;
  /** The only partition key that the query asks for, as a JSON array of all its values. */
  readonly onlyKey: string | undefined;
}

/**
 * A filter counts where all of WHERE depends on it: `c.customerId = @id`, and `c.readModel IN ('a', 'b')`. A hierarchical key may lack
 * its last values.
 * @param paths of the partition key
 */
export function targetsOf({ ast, parameters }: ParsedQuery, paths: readonly string[]): QueryTargets {
  const body = member(ast, 'body');
  const root = aliasOf(member(body, 'from'));
  const document = String(root);
  const filters = conjuncts(member(body, 'where', 'condition')).flatMap((node) => filterOf(node, root, parameters));
  const keys = keysOf(paths, filters);
  const [first] = keys;
  if (first === undefined || first.length === 0) return { ranges: [ALL_KEYS], document, onlyKey: undefined };
  const isComplete = first.length === paths.length;
  const ranges = [...new Set(keys.map(effectivePartitionKey))]
    .sort()
    .map((min) => (isComplete ? { min, max: min } : { min, max: `${min}FF` }));
  return { ranges, document, onlyKey: isComplete && ranges.length === 1 ? JSON.stringify(first) : undefined };
}

interface Filter {
  readonly path: string;
  readonly values: readonly unknown[];
}

/** All combinations of the values of the first paths that have a filter. */
function keysOf(paths: readonly string[], filters: readonly Filter[]): readonly (readonly unknown[])[] {
  let keys: readonly (readonly unknown[])[] = [[]];
  for (const path of paths) {
    const filter = filters.find((one) => one.path === path);
    if (filter === undefined) break;
    keys = keys.flatMap((key) => filter.values.map((value) => [...key, value]));
  }
  return keys;
}

function conjuncts(node: unknown): readonly unknown[] {
  if (member(node, 'operator') !== 'AND') return [node];
  return [...conjuncts(member(node, 'left')), ...conjuncts(member(node, 'right'))];
}

function filterOf(node: unknown, root: unknown, parameters: ParsedQuery['parameters']): readonly Filter[] {
  const toFilter = (property: unknown, values: readonly unknown[]) => {
    const path = pathOf(property, root);
    const constants = values.map((value) => constantOf(value, parameters));
    const known = constants.flatMap((constant) => constant ?? []);
    return path === undefined || known.length < constants.length ? [] : [{ path, values: known }];
  };
  const list = member(node, 'list');
  if (member(node, 'type') === 'scalar_in_expression' && Array.isArray(list)) {
    return toFilter(member(node, 'value'), list);
  }
  if (member(node, 'operator') !== '=') return [];
  const [left, right] = [member(node, 'left'), member(node, 'right')];
  return [...toFilter(left, [right]), ...toFilter(right, [left])];
}

/** The path of a property of the document, such as `/customerId`. */
function pathOf(node: unknown, root: unknown): string | undefined {
  if (member(node, 'type') === 'identifier') return member(node, 'name') === root ? '' : undefined;
  if (member(node, 'type') !== 'scalar_member_expression') return undefined;
  const owner = pathOf(member(node, 'object'), root);
  const name = member(node, 'property', 'name') ?? member(node, 'property', 'value');
  return owner === undefined || typeof name !== 'string' ? undefined : `${owner}/${name}`;
}

/** The value of a constant or a parameter, in an array; undefined when it is neither. */
function constantOf(node: unknown, parameters: ParsedQuery['parameters']): readonly [unknown] | undefined {
  const type = member(node, 'type');
  if (type === 'parameter_name') {
    const parameter = parameters.find(({ name }) => name === member(node, 'name'));
    return parameter && [parameter.value];
  }
  return typeof type === 'string' && type.endsWith('_constant') ? [member(node, 'value') ?? null] : undefined;
}

function aliasOf(from: unknown): unknown {
  const source = member(from, 'source');
  return member(source, 'alias', 'name') ?? member(source, 'expression', 'expression', 'name');
}

function member(node: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), node);
}

/** The parser's nodes are objects without a prototype in common. */
const isObject = (value: unknown): value is Json => isJsonObject(value);
