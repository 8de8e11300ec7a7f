import { problemOf } from '../cli/http-request.ts';
import type { ApiClient } from './api-client.ts';
import type { Command } from './commands.ts';

export type CommandOutcome =
  | { readonly kind: 'created'; readonly milliseconds: number }
  /** Created by an earlier run or another client. */
  | { readonly kind: 'existing' }
  | { readonly kind: 'failed'; readonly code: string; readonly detail: string };

/** Sends a command that creates something. `existsCodes` are the problem codes that mean it already exists. */
export async function sendCommand(
  client: ApiClient,
  { path, body, idempotencyKey }: Command,
  existsCodes: readonly string[],
): Promise<CommandOutcome> {
  const answer = await client.post(path, body, idempotencyKey);
  if (answer.status < 300) {
    const replayed = answer.headers.get('idempotency-replayed') === 'true';
    return replayed ? { kind: 'existing' } : { kind: 'created', milliseconds: answer.milliseconds };
  }
  const problem = problemOf(answer);
  return existsCodes.includes(problem.code) ? { kind: 'existing' } : { kind: 'failed', ...problem };
}
