import type { CommandEnvelope, ValidCommand } from './command.ts';
import { sha256Hex } from './sha256-hex.ts';

/**
 * SHA-256 (hex) of the command, its caller and its idempotency key. It covers the data as the command reads it, so it is the same in
 * whatever order the JSON keys are, and wherever the route or the envelope contains a value. A repeated commandId with a different hash
 * belongs to a different request. The idempotency key is stored nowhere in plain text: with a random one, the hash cannot confirm a guess
 * of the personal data in the command, not even after the customer was erased.
 */
export function payloadHash(
  { commandId, commandType, actor, newAggregateId }: CommandEnvelope,
  { aggregateType, aggregateId, data }: ValidCommand,
): string {
  // A generated id is another one in each request. In the data of a new aggregate, its id is orderId, customerId or productId.
  const sentId = aggregateId === newAggregateId ? undefined : aggregateId;
  const payload = { ...data, [`${aggregateType.toLowerCase()}Id`]: sentId };
  return hashOf([commandId, commandType, actor.userId, payload]);
}

/**
 * The hash that version 0.1.0 recorded: without the idempotency key, and of the data as sent. Records of it are deleted with their
 * archived events.
 */
export function earlierPayloadHash({ commandType, aggregateId, actor, data }: CommandEnvelope): string {
  return hashOf([commandType, aggregateId ?? null, actor.userId, data]);
}

const hashOf = (values: readonly unknown[]): string => sha256Hex(JSON.stringify(sortKeys(values)));

/** Sorts the keys of every object in a JSON value. A replacer of `JSON.stringify` takes several times as long. */
function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, field]) => [key, sortKeys(field)]));
}
