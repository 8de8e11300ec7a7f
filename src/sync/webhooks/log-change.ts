import type { AuthenticatedCall } from '../../shared/http/authenticated-operation.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { logLine } from '../../shared/telemetry/log-line.ts';

/** Message of the log line about a change of a webhook. docs/operations.md has the query. */
const WEBHOOK_CHANGED = 'webhook-changed';

/** Logs who has changed which webhook, without its URL and secret. */
export function logWebhookChange(
  { context, actor, correlationId }: Pick<AuthenticatedCall, 'context' | 'actor' | 'correlationId'>,
  { name: operation }: Operation,
  webhookId: string,
): void {
  context.info(logLine(WEBHOOK_CHANGED, { userId: actor.userId, operation, correlationId, webhookId }));
}
