import { Problem, unavailable } from '../../shared/http/problem.ts';
import type { SyncApp } from '../app.ts';
import type { Webhook } from './webhook.ts';

/** Throws Problem `unavailable`. */
export const notRead = unavailable('Webhooks cannot be read at the moment: try again.');

/** Reads a subscription. Throws Problem `webhook-not-found` or `unavailable`. */
export async function findWebhook({ webhooks }: Pick<SyncApp, 'webhooks'>, webhookId: string): Promise<Webhook> {
  const found = (await webhooks.all().catch(notRead)).find((webhook) => webhook.webhookId === webhookId);
  return found ?? webhookNotFound(webhookId);
}

export function webhookNotFound(webhookId: string): never {
  throw new Problem('webhook-not-found', `There is no webhook ${webhookId}.`);
}
