import type { CommandEnvelope } from './command.ts';
import { sha256Hex } from './sha256-hex.ts';

/**
 * SHA-256 (hex) of the command, its caller and its idempotency key, independent of the order of JSON keys. A repeated commandId with a
 * different hash belongs to a different request. The idempotency key is stored nowhere in plain text: with a random one, the hash cannot
 * confirm a guess of the personal data in the command, not even after the customer was erased.
 */
export function payloadHash(envelope: CommandEnvelope): string {
  return hashOf([envelope.commandId, ...payloadOf(envelope)]);
}

/** The hash without the idempotency key, which version 0.1.0 recorded. Records of it are deleted with their archived events. */
export function earlierPayloadHash(envelope: CommandEnvelope): string {
  return hashOf(payloadOf(envelope));
}

const payloadOf = ({ commandType, aggregateId, actor, data }: CommandEnvelope): readonly unknown[] => [
  commandType,
  aggregateId ?? null,
  actor.userId,
  data,
];

const hashOf = (values: readonly unknown[]): string => sha256Hex(JSON.stringify(sortKeys(values)));

/** Sorts the keys of every object in a JSON value. A replacer of `JSON.stringify` takes several times as long. */
function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, field]) => [key, sortKeys(field)]));
}
