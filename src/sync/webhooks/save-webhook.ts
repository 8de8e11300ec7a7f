import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { readJsonBody } from '../../shared/http/json-body.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import { validate } from '../../shared/http/validate.ts';
import type { SyncApp } from '../app.ts';
import { logChange } from '../log-change.ts';
import { addressIn, isPublicAddress } from './public-address.ts';
import { changedSecrets, encryptSecret } from './secrets.ts';
import { isMalformedSecret, keyOf } from './signature.ts';
import { EVENT_TYPES, toWebhookResponse, type Webhook, webhookResponse } from './webhook.ts';

/** Maximum subscriptions: each event is compared with all of them. */
const MAX_WEBHOOKS = 100;
/** Bytes of a secret's key (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme). */
const MIN_KEY_BYTES = 24;
const MAX_KEY_BYTES = 64;
/** Attempts to store a subscription that others change at the same time. */
const MAX_ATTEMPTS = 5;

const hasNoExtras = ({ username, password, hash }: URL): boolean => username + password + hash === '';

const url = z
  .url({ protocol: /^https$/, error: 'must be an https:// URL', abort: true })
  .max(2_000, 'must have at most 2000 characters')
  .refine((text) => hasNoExtras(new URL(text)), 'must have no user name, password or fragment')
  .transform((text) => new URL(text).href)
  .describe('Where messages are sent: an https:// URL on port 443 of a public host.');

const secret = z
  .string()
  .refine((text) => !isMalformedSecret(text), 'must be base64 after "whsec_"')
  .refine((text) => keyOf(text).length >= MIN_KEY_BYTES && keyOf(text).length <= MAX_KEY_BYTES, {
    error: `must have ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} bytes`,
  })
  .describe(
    `Signs the messages: \`whsec_\` and the base64 of ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} random bytes, or other text of that many bytes. Never returned.`,
  );

const body = z.strictObject({
  url,
  eventTypes: z
    .array(z.enum(EVENT_TYPES, 'must be a type of event'))
    .min(1, 'must name at least one type of event')
    .transform((types) => [...new Set(types)].toSorted()),
  secret,
});
type Wanted = z.output<typeof body>;

const EXAMPLE = {
  url: 'https://partner.example/webhooks/orders',
  eventTypes: ['OrderPlaced', 'OrderShipped'],
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
};

const operation: Operation = {
  name: 'saveWebhook',
  method: 'POST',
  route: 'webhooks',
  summary:
    'Subscribes a URL to event types, or changes the subscription of that URL. After the secret changes, messages are signed with both secrets for 24 hours.',
  roles: ['admin'],
  body: { schema: body, examples: { orders: EXAMPLE } },
  answers: {
    200: { description: 'The existing subscription of the URL, after the change.', schema: webhookResponse },
    201: { description: 'The new subscription.', schema: webhookResponse },
  },
  problems: ['concurrent-update', 'too-many-webhooks'],
};

const notSaved = unavailable('Webhooks cannot be changed at the moment: try again.');

/** What the operation is built from. */
export interface SavingApp extends Pick<SyncApp, 'authenticate' | 'masterKey' | 'runtime' | 'webhooks'> {
  readonly config: Pick<SyncApp['config'], 'webhooks'>;
}

export function saveWebhook(app: SavingApp): HttpFunction {
  const { allowPrivateAddresses } = app.config.webhooks;
  const schema = allowPrivateAddresses ? body : body.superRefine(requirePublicHost);
  return authenticatedOperation(app, operation, async (call) => {
    const wanted = validate(schema, await readJsonBody(call.request));
    const { webhook, isNew } = await saveSubscription(app, wanted);
    logChange(call, operation, { webhookId: webhook.webhookId });
    return {
      status: isNew ? 201 : 200,
      headers: { 'cache-control': 'no-store' },
      jsonBody: toWebhookResponse(webhook, app.runtime.now()),
    };
  });
}

/** Names that always mean the machine itself (RFC 6761, section 6.3). */
const LOCAL_NAME = /(^|\.)localhost\.?$/;

/** What other names resolve to is checked at each connection. */
function requirePublicHost({ url: text }: Wanted, context: z.RefinementCtx): void {
  const target = new URL(text);
  const address = addressIn(target);
  const isLocal = address === undefined ? LOCAL_NAME.test(target.hostname) : !isPublicAddress(address);
  if (isLocal) context.addIssue({ code: 'custom', path: ['url'], message: 'must be a public address' });
  if (target.port !== '') context.addIssue({ code: 'custom', path: ['url'], message: 'must use port 443' });
}

interface Saved {
  readonly webhook: Webhook;
  readonly isNew: boolean;
}

/** Creates or changes the subscription of a URL. Throws Problem. */
export async function saveSubscription(
  app: Omit<SavingApp, 'authenticate' | 'config'>,
  wanted: Wanted,
): Promise<Saved> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const known = await findByUrl(app, wanted.url);
    const next = await (known === undefined ? created(app, wanted) : changed(app, known, wanted)).catch(notSaved);
    const webhook = next === known ? known : await app.webhooks.save(next).catch(notSaved);
    if (webhook !== undefined) return { webhook, isNew: known === undefined };
  }
  throw new Problem('concurrent-update', 'Other requests are changing this webhook.', { retryAfter: 1 });
}

/** The subscription of a URL; undefined if it has none and may get one. Throws Problem. */
async function findByUrl({ webhooks }: Pick<SavingApp, 'webhooks'>, url: string): Promise<Webhook | undefined> {
  const all = await webhooks.all().catch(notSaved);
  const known = all.find((webhook) => webhook.url === url);
  if (known !== undefined || all.length < MAX_WEBHOOKS) return known;
  throw new Problem('too-many-webhooks', `There are ${MAX_WEBHOOKS} webhooks: delete one that is no longer needed.`);
}

async function created(
  app: Pick<SavingApp, 'masterKey' | 'runtime'>,
  { url, eventTypes, secret }: Wanted,
): Promise<Webhook> {
  const webhookId = app.runtime.newId();
  const now = new Date(app.runtime.now()).toISOString();
  const secrets = [await encryptSecret(secret, webhookId, app)];
  return { webhookId, version: 0, url, eventTypes, secrets, replay: null, createdAt: now, updatedAt: now };
}

/** The same subscription if nothing changes. */
async function changed(
  app: Pick<SavingApp, 'masterKey' | 'runtime'>,
  known: Webhook,
  { eventTypes, secret }: Wanted,
): Promise<Webhook> {
  const secrets = await changedSecrets(known, secret, app);
  const next = { ...known, eventTypes, secrets };
  return isDeepStrictEqual(next, known) ? known : { ...next, updatedAt: new Date(app.runtime.now()).toISOString() };
}
