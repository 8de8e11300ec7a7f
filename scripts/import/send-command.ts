import { type Answer, ApiError, type CommandOptions } from '../../clients/typescript/src/index.ts';
import { type ApiClient, codeOf } from './api-client.ts';
import type { Command } from './commands.ts';

export type CommandOutcome =
  | { readonly kind: 'created'; readonly milliseconds: number }
  /** Created by an earlier run or another client. */
  | { readonly kind: 'existing' }
  | { readonly kind: 'failed'; readonly code: string; readonly detail: string };

export interface SendOptions {
  /** The problem codes that mean that it already exists. */
  readonly existsCodes: readonly string[];
  /** Aborts the wait for a retry. */
  readonly signal: AbortSignal;
}

/** Sends a command that creates something. */
export async function sendCommand(
  client: ApiClient,
  command: Command,
  { existsCodes, signal }: SendOptions,
): Promise<CommandOutcome> {
  const { idempotencyKey } = command;
  const outcome = await client.settled(post(client, command, { idempotencyKey, signal }));
  if (outcome instanceof ApiError) {
    const code = codeOf(outcome);
    return existsCodes.includes(code) ? { kind: 'existing' } : { kind: 'failed', code, detail: outcome.message };
  }
  const { response } = outcome;
  const replayed = response.headers.get('idempotency-replayed') === 'true';
  return replayed ? { kind: 'existing' } : { kind: 'created', milliseconds: client.milliseconds(response) };
}

function post(
  { orders }: ApiClient,
  { path, body }: Command,
  options: CommandOptions & { readonly signal: AbortSignal },
): Promise<Answer<unknown>> {
  switch (path) {
    case '/customers':
      return orders.POST(path, { body, ...options });
    case '/products':
      return orders.POST(path, { body, ...options });
    case '/orders':
      return orders.POST(path, { body, ...options });
  }
}
