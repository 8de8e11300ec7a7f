import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { unavailable } from '../../shared/http/problem.ts';
import type { SyncApp } from '../app.ts';
import { logChange } from '../log-change.ts';
import { webhookNotFound } from './find-webhook.ts';

const operation: Operation = {
  name: 'deleteWebhook',
  method: 'DELETE',
  route: 'webhooks/{webhookId}',
  summary: 'Deletes a subscription and its secrets. Pending messages are no longer sent.',
  roles: ['admin'],
  answers: { 204: { description: 'The subscription is deleted.' } },
  problems: ['webhook-not-found'],
};

const notDeleted = unavailable('Webhooks cannot be changed at the moment: try again.');

export function deleteWebhook(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, operation, async (call) => {
    const webhookId = routeId(call.request, 'webhookId');
    if (!(await app.webhooks.delete(webhookId).catch(notDeleted))) webhookNotFound(webhookId);
    logChange(call, operation, { webhookId });
    return { status: 204 };
  });
}
