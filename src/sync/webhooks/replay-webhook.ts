import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { readJsonBody } from '../../shared/http/json-body.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problem.ts';
import { utcTime } from '../../shared/http/times.ts';
import { validate } from '../../shared/http/validate.ts';
import type { SyncApp } from '../app.ts';
import { logChange } from '../log-change.ts';
import { findWebhook, notRead } from './find-webhook.ts';
import { newReplay } from './replay-events.ts';
import { toWebhookResponse, webhookResponse } from './webhook.ts';

const body = z.strictObject({
  from: utcTime.describe(
    'Events recorded at this time or later are delivered again, including those from before the subscription.',
  ),
});

const operation: Operation = {
  name: 'replayWebhook',
  method: 'POST',
  route: 'webhooks/{webhookId}/replay',
  summary: 'Delivers events of the log again, with the same message ids. Replaces a replay that is running.',
  roles: ['admin'],
  body: { schema: body, examples: { fromJanuary31: { from: '2026-01-31T00:00:00Z' } } },
  answers: { 202: { description: 'The subscription, whose replay has started.', schema: webhookResponse } },
  problems: ['webhook-not-found', 'concurrent-update'],
};

export function replayWebhook(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, operation, async (call) => {
    const { from } = validate(body, await readJsonBody(call.request));
    const webhook = await findWebhook(app, routeId(call.request, 'webhookId'));
    const beat = await app
      .writeDatabase()
      .then((database) => database.recordHeartbeat())
      .catch(notRead);
    const replay = newReplay(from, beat, new Date(app.runtime.now()).toISOString());
    const saved = await app.webhooks.save({ ...webhook, replay }).catch(notRead);
    if (saved === undefined) {
      throw new Problem('concurrent-update', `Another request has changed webhook ${webhook.webhookId}.`, {
        retryAfter: 1,
      });
    }
    logChange(call, operation, { webhookId: webhook.webhookId });
    return { status: 202, jsonBody: toWebhookResponse(saved, app.runtime.now()) };
  });
}
