import type { CommandEnvelope } from './command.ts';
import { sha256Hex } from './sha256-hex.ts';

/**
 * SHA-256 (hex) of the command and its caller, independent of the order of JSON keys. A repeated commandId with a different hash
 * belongs to a different request.
 */
export function payloadHash({ commandType, aggregateId, actor, data }: CommandEnvelope): string {
  const payload = JSON.stringify([commandType, aggregateId ?? null, actor.userId, data], sortedKeys);
  return sha256Hex(payload);
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
