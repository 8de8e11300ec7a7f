/**
 * Partial document update. Semantics: https://learn.microsoft.com/azure/cosmos-db/partial-document-update (add inserts into an
 * array, set overwrites; at most ten operations; an optional condition `from c where …`). `move` is left out: the SDK's types
 * do not have it.
 */
import { z } from 'zod';
import { satisfies } from './query.ts';
import type { Json } from './stored-document.ts';

export type PatchOutcome =
  | { readonly kind: 'patched'; readonly value: Json }
  | { readonly kind: 'condition-unmet' }
  | { readonly kind: 'invalid'; readonly message: string };

const operationSchema = z.discriminatedUnion('op', [
  z.object({ op: z.enum(['add', 'set', 'replace']), path: z.string(), value: z.unknown() }),
  z.object({ op: z.literal('incr'), path: z.string(), value: z.number() }),
  z.object({ op: z.literal('remove'), path: z.string() }),
]);
type PatchOperation = z.infer<typeof operationSchema>;

const operationsSchema = z.array(operationSchema).min(1).max(10);
const patchSchema = z.union([
  operationsSchema.transform((operations) => ({ operations, condition: undefined })),
  z.object({ operations: operationsSchema, condition: z.string().optional() }),
]);

class PatchError extends Error {}

/** @param body a list of patch operations, or `{ operations, condition? }`. */
export function applyPatch(document: Json, body: unknown): PatchOutcome {
  const parsed = patchSchema.safeParse(body);
  if (!parsed.success) return { kind: 'invalid', message: `The patch is invalid: ${z.prettifyError(parsed.error)}` };
  try {
    const { condition, operations } = parsed.data;
    if (condition !== undefined && !satisfies(document, condition)) return { kind: 'condition-unmet' };
    const value: Record<string, unknown> = structuredClone(document);
    for (const operation of operations) apply(value, operation);
    return { kind: 'patched', value };
  } catch (error) {
    return { kind: 'invalid', message: error instanceof Error ? error.message : String(error) };
  }
}

type Node = Record<string, unknown> | unknown[];

/** A place in the document: a property of an object, or an element of an array (its length: just behind the last one). */
interface Target {
  readonly path: string;
  readonly owner: Node;
  readonly key: string;
}

function apply(root: Node, operation: PatchOperation): void {
  const target = locate(root, operation.path);
  switch (operation.op) {
    case 'add':
      insert(target, operation.value);
      break;
    case 'set':
      upsert(target, operation.value);
      break;
    case 'replace':
      overwrite(existing(target), operation.value);
      break;
    case 'incr':
      upsert(target, sum(target, operation.value));
      break;
    case 'remove':
      remove(existing(target));
      break;
    default:
      operation satisfies never;
  }
}

/** Paths are JSON pointers (RFC 6901). */
function locate(root: Node, path: string): Target {
  if (!/^\/[^_]/.test(path)) throw new PatchError(`The path ${path} cannot be patched.`);
  const names = path
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = names.pop() ?? '';
  const owner = names.reduce<unknown>((node, name) => (isNode(node) ? child(node, name) : undefined), root);
  if (!isNode(owner)) throw new PatchError(`The parent of ${path} does not exist.`);
  return { path, owner, key: Array.isArray(owner) && key === '-' ? String(owner.length) : key };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function child(node: Node, key: string): unknown {
  return Array.isArray(node) ? node[Number(key)] : node[key];
}

function read({ owner, key }: Target): unknown {
  return child(owner, key);
}

function exists(target: Target): boolean {
  return read(target) !== undefined;
}

function existing(target: Target): Target {
  if (!exists(target)) throw new PatchError(`There is nothing at ${target.path}.`);
  return target;
}

function overwrite({ owner, key }: Target, value: unknown): void {
  if (Array.isArray(owner)) owner[Number(key)] = value;
  else owner[key] = value;
}

function upsert(target: Target, value: unknown): void {
  if (exists(target)) overwrite(target, value);
  else insert(target, value);
}

function insert({ owner, key, path }: Target, value: unknown): void {
  if (!Array.isArray(owner)) {
    owner[key] = value;
    return;
  }
  const index = Number(key);
  if (!Number.isInteger(index) || index < 0 || index > owner.length) {
    throw new PatchError(`The index in ${path} is out of the array's bounds.`);
  }
  owner.splice(index, 0, value);
}

function remove({ owner, key }: Target): void {
  if (Array.isArray(owner)) owner.splice(Number(key), 1);
  else delete owner[key];
}

function sum(target: Target, increment: number): number {
  const value = read(target) ?? 0;
  if (typeof value !== 'number') throw new PatchError(`There is no number at ${target.path}.`);
  return value + increment;
}
