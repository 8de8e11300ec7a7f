import { createHash } from 'node:crypto';
import type { CommandEnvelope } from './command.ts';

/**
 * The id under which a command is recorded, and which its event carries as `causationId`: a SHA-256 (64 hex digits) of the caller and
 * the idempotency key. Callers choose their keys independently, so the same key of another caller is another command.
 */
export function commandKey({ actor, commandId }: Pick<CommandEnvelope, 'actor' | 'commandId'>): string {
  return createHash('sha256')
    .update(JSON.stringify([actor.userId, commandId]))
    .digest('hex');
}
