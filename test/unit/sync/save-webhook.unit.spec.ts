import { HttpRequest, InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { SavingApp } from '../../../src/sync/webhooks/save-webhook.ts';
import { saveWebhook } from '../../../src/sync/webhooks/save-webhook.ts';
import type { Webhook } from '../../../src/sync/webhooks/webhook.ts';
import { testMasterKey } from '../../support/events/personal-data.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';
import { memoryWebhooks } from '../../support/webhooks/webhooks.ts';

const SECRET = 'whsec_dGhlIG9sZCBzZWNyZXQgb2YgYSBwYXJ0bmVy';
const WANTED = { url: 'https://partner.example/hook', eventTypes: ['OrderPlaced'], secret: SECRET };

const answer = z.object({ status: z.int(), jsonBody: z.looseObject({}).optional(), body: z.string().optional() });

function appWith(
  webhooks: SavingApp['webhooks'] = memoryWebhooks(),
  { allowPrivateAddresses = false } = {},
): SavingApp {
  return {
    authenticate: async () => ({ userId: 'an-admin', roles: new Set(['admin']), customerId: undefined }),
    config: { webhooks: { schedule: '', allowPrivateAddresses } },
    masterKey: testMasterKey,
    runtime: simulatedRuntime(),
    webhooks,
  };
}

async function post(app: SavingApp, body: object) {
  const string = JSON.stringify(body);
  const request = new HttpRequest({
    method: 'POST',
    url: 'https://app.example/api/webhooks',
    headers: { 'content-type': 'application/json', 'content-length': String(string.length) },
    body: { string },
  });
  const log: string[] = [];
  const context = new InvocationContext({ logHandler: (_level, ...texts) => void log.push(texts.join(' ')) });
  const { status, jsonBody, body: text } = answer.parse(await saveWebhook(app).handler(request, context));
  return { status, body: jsonBody ?? JSON.parse(text ?? '{}'), log };
}

const numbered = (number: number): Webhook => ({
  webhookId: `w${number}`,
  version: 1,
  url: `https://${number}.example/`,
  eventTypes: ['OrderPlaced'],
  secrets: [],
  replay: null,
  createdAt: '2026-01-15T10:30:00.000Z',
  updatedAt: '2026-01-15T10:30:00.000Z',
});

describe('a subscription', () => {
  it('is created once for a URL, and found by it in any notation', async () => {
    const app = appWith();
    const created = await post(app, WANTED);
    const again = await post(app, { ...WANTED, url: 'HTTPS://Partner.Example:443/hook' });
    expect([created.status, again.status, again.body]).toEqual([201, 200, created.body]);
    expect(await app.webhooks.all()).toHaveLength(1);
  });

  it('is refused once there are a hundred, but the hundred can be changed', async () => {
    const app = appWith(memoryWebhooks(...Array.from({ length: 100 }, (_, index) => numbered(index))));
    expect(await post(app, WANTED)).toMatchObject({ status: 422, body: { code: 'too-many-webhooks' } });
    const known = { ...WANTED, url: 'https://7.example/', eventTypes: ['OrderShipped'] };
    expect(await post(app, known)).toMatchObject({
      status: 200,
      body: { webhookId: 'w7', eventTypes: ['OrderShipped'] },
    });
  });

  it('that others change at the same time is read and changed again, up to five times', async () => {
    const webhooks = memoryWebhooks();
    let conflicts = 4;
    const contended = { ...webhooks, save: async (one: Webhook) => (conflicts-- > 0 ? undefined : webhooks.save(one)) };
    expect((await post(appWith(contended), WANTED)).status).toBe(201);
    conflicts = 5;
    const refused = await post(appWith(contended), { ...WANTED, url: 'https://another.example/' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'concurrent-update' } });
  });

  it('may have a private address where a setting allows it', async () => {
    const local = { ...WANTED, url: 'https://localhost:8443/' };
    expect((await post(appWith(), local)).status).toBe(400);
    expect((await post(appWith(memoryWebhooks(), { allowPrivateAddresses: true }), local)).status).toBe(201);
  });

  it('leaves a trace of who has changed it, without its URL and its secret', async () => {
    const { log, body } = await post(appWith(), WANTED);
    const [trace = ''] = log.filter((line) => line.includes('admin-change'));
    expect(JSON.parse(trace)).toMatchObject({
      userId: 'an-admin',
      operation: 'saveWebhook',
      webhookId: body.webhookId,
    });
    for (const text of [SECRET, 'partner.example']) expect(log.join('\n')).not.toContain(text);
  });
});
