import { createHash } from 'node:crypto';
import type { CommandEnvelope } from './command.ts';

/**
 * SHA-256 (hex) of what the command asks for and of who asks, whatever the order of its JSON's keys. A commandId that comes
 * again with another hash belongs to another request.
 */
export function payloadHash({ commandType, aggregateId, actor, data }: CommandEnvelope): string {
  const payload = JSON.stringify([commandType, aggregateId ?? null, actor.userId, data], sortedKeys);
  return createHash('sha256').update(payload).digest('hex');
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
