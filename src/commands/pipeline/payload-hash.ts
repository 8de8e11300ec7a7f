import type { CommandEnvelope } from './command.ts';
import { sha256Hex } from './sha256-hex.ts';

/**
 * SHA-256 (hex) of the command and its caller, independent of the order of JSON keys. A repeated commandId with a different hash
 * belongs to a different request.
 */
export function payloadHash({ commandType, aggregateId, actor, data }: CommandEnvelope): string {
  return sha256Hex(JSON.stringify([commandType, aggregateId ?? null, actor.userId, sortKeys(data)]));
}

/** Sorts the keys of every object in a JSON value. A replacer of `JSON.stringify` takes several times as long. */
function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, field]) => [key, sortKeys(field)]));
}
