import type { CommandEnvelope } from './command.ts';
import { sha256Hex } from './sha256-hex.ts';

/**
 * The id under which a command is recorded, and which its event carries as `causationId`: a SHA-256 (64 hex digits) of the caller and
 * the idempotency key. Callers choose their keys independently, so the same key of another caller is another command.
 */
export function commandKey({ actor, commandId }: Pick<CommandEnvelope, 'actor' | 'commandId'>): string {
  return sha256Hex(JSON.stringify([actor.userId, commandId]));
}
