import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { listAnswers, listResponse } from '../../shared/http/list-response.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { WEBHOOK_DELIVERIES } from '../../shared/read-models/containers.ts';
import { equals, pageOf, pageParameters, readPage } from '../../shared/read-models/paging.ts';
import { sortKey } from '../../shared/read-models/sort-key.ts';
import type { SyncApp } from '../app.ts';
import { type Delivery, deliveryResponse, deliveryStatus, toDeliveryResponse } from './delivery.ts';
import { findWebhook, notRead } from './find-webhook.ts';
import { toWebhookResponse, webhookResponse } from './webhook.ts';

const listParameters = z.object(pageParameters);

const list: Operation = {
  name: 'getWebhooks',
  method: 'GET',
  route: 'webhooks',
  summary: 'Lists the subscriptions of partners, newest first.',
  roles: ['admin'],
  parameters: listParameters,
  answers: listAnswers(webhookResponse),
  problems: [],
};

export function getWebhooks(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, list, async ({ request }) => {
    const page = validate(listParameters, queryParameters(request));
    const webhooks = await app.webhooks.all().catch(notRead);
    const sorted = webhooks.map((one) => ({ ...one, sortKey: sortKey(one.createdAt, one.webhookId) }));
    return listResponse(pageOf(list.name, sorted, page), (webhook) => toWebhookResponse(webhook, app.runtime.now()));
  });
}

const parameters = z.object({ status: deliveryStatus.optional(), ...pageParameters });

const deliveries: Operation = {
  name: 'getWebhookDeliveries',
  method: 'GET',
  route: 'webhooks/{webhookId}/deliveries',
  summary:
    'Lists the messages of a subscription, newest first: delivered ones of the last 5 days, pending and dead-lettered ones of the last 30 days.',
  roles: ['admin'],
  parameters,
  answers: listAnswers(deliveryResponse),
  problems: ['webhook-not-found'],
};

export function getWebhookDeliveries(app: SyncApp): HttpFunction {
  const container = app.database.container(WEBHOOK_DELIVERIES.name);
  return authenticatedOperation(app, deliveries, async ({ request }) => {
    const { status, ...page } = validate(parameters, queryParameters(request));
    const { webhookId } = await findWebhook(app, routeId(request, 'webhookId'));
    const found = await readPage<Delivery>(container, [equals('status', status)], page, webhookId);
    return listResponse(found, toDeliveryResponse);
  });
}
