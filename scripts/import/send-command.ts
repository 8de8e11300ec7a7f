import { problemOf } from '../cli/http-request.ts';
import type { ApiClient } from './api-client.ts';
import type { Command } from './commands.ts';

export type CommandOutcome =
  | { readonly kind: 'made'; readonly milliseconds: number }
  /** An earlier run did it, or somebody else. */
  | { readonly kind: 'known' }
  | { readonly kind: 'failed'; readonly code: string; readonly detail: string };

/** Sends a command. `knownCodes` are the problems that say that what it makes is there already. */
export async function carryOut(
  client: ApiClient,
  { path, body, idempotencyKey }: Command,
  knownCodes: readonly string[],
): Promise<CommandOutcome> {
  const answer = await client.post(path, body, idempotencyKey);
  if (answer.status < 300) {
    const replayed = answer.headers.get('idempotency-replayed') === 'true';
    return replayed ? { kind: 'known' } : { kind: 'made', milliseconds: answer.milliseconds };
  }
  const problem = problemOf(answer);
  return knownCodes.includes(problem.code) ? { kind: 'known' } : { kind: 'failed', ...problem };
}
