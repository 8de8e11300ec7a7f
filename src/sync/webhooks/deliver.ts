import { type Backoff, backoffMs } from '../../shared/backoff.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { webhookDeliveryCount } from '../../shared/telemetry/metrics.ts';
import type { Delivery } from './delivery.ts';
import type { DeliveryStore, Position } from './delivery-store.ts';
import type { PostMessage, PostOutcome } from './post-message.ts';
import { signedHeaders } from './signature.ts';
import type { Webhook } from './webhook.ts';

/** What the delivery of messages uses. */
export interface DeliveryServices {
  readonly deliveries: DeliveryStore;
  readonly post: PostMessage;
  readonly runtime: Pick<Runtime, 'now' | 'random'>;
  readonly warn: (sentence: string) => void;
}

/** Attempts until a message is dead-lettered. With the waits between them, that takes between 34 and 69 hours. */
export const MAX_ATTEMPTS = 16;
/** 5 days: at 40 messages a second, delivered ones take 13 GB of the 20 GB of a logical partition. */
const KEEP_DELIVERED_SECONDS = 5 * 86_400;
const BACKOFF: Backoff = { firstMs: 10_000, maxMs: 24 * 3_600_000 };
/** Aggregates whose messages are sent to one partner at the same time. */
const CONCURRENCY = 8;

/** A subscription that messages are sent to. */
export interface SigningWebhook extends Pick<Webhook, 'webhookId' | 'url'> {
  /** Decrypts the secrets that sign its messages now. */
  readonly secrets: () => Promise<readonly string[]>;
}

/** The same with its secrets decrypted. */
type SignedRecipient = Omit<SigningWebhook, 'secrets'> & { readonly secrets: readonly string[] };

/**
 * Sends the messages of a subscription that are due: those of one aggregate in version order, those of others at the same time. A
 * message that waits for its next attempt holds up the later ones of its aggregate and no other.
 * @param mayStart whether another attempt may start; asked before each
 * @returns false when nothing was due. Throws the errors of the store, and of decrypting the secrets
 */
export async function deliverDue(
  webhook: SigningWebhook,
  services: DeliveryServices,
  mayStart: () => boolean,
): Promise<boolean> {
  const { deliveries, runtime } = services;
  const due = await deliveries.due(webhook.webhookId, isoTime(runtime.now()));
  if (due.length === 0) return false;
  const pending = await deliveries.pendingOf(webhook.webhookId, [...new Set(due.map(({ stream }) => stream))]);
  const recipient = { ...webhook, secrets: await webhook.secrets() };
  const lanes = Map.groupBy(pending, ({ stream }) => stream).values();
  const workers = Array.from({ length: CONCURRENCY }, async () => {
    for (const lane of lanes) {
      await deliverLane(recipient, lane.toSorted(byVersion), services, mayStart);
    }
  });
  await Promise.all(workers);
  return true;
}

const byVersion = (one: Position, other: Position) => one.version - other.version;

/** Sends the messages of one aggregate until one of them has to wait. The later ones then wait for it. */
async function deliverLane(
  webhook: SignedRecipient,
  lane: readonly Position[],
  services: DeliveryServices,
  mayStart: () => boolean,
): Promise<void> {
  const { deliveries, runtime } = services;
  for (const [index, position] of lane.entries()) {
    if (!mayStart()) return;
    const isDue = position.dueAt <= isoTime(runtime.now());
    const waitsUntil = isDue ? await attempt(webhook, position.id, services) : position.dueAt;
    if (waitsUntil === undefined) continue;
    const earlier = lane.slice(index + 1).filter(({ dueAt }) => dueAt < waitsUntil);
    if (earlier.length > 0) {
      await deliveries.postpone(
        webhook.webhookId,
        earlier.map(({ id }) => id),
        waitsUntil,
      );
    }
    return;
  }
}

/** Sends a message once and stores the result. Returns when it is due again; undefined when nothing has to wait for it. */
async function attempt(
  { webhookId, url, secrets }: SignedRecipient,
  id: string,
  { deliveries, post, runtime, warn }: DeliveryServices,
): Promise<string | undefined> {
  const read = await deliveries.read(webhookId, id);
  if (read === undefined || read.delivery.status !== 'pending') return undefined;
  const { body = '' } = read.delivery;
  const sentAt = runtime.now();
  const outcome = await post({ url, body, headers: signedHeaders({ id, sentAt, body }, secrets) });
  const result = afterAttempt(read.delivery, outcome, runtime);
  // It was queued again meanwhile: it stays pending, and is sent again.
  if (!(await deliveries.replace(result, read.etag))) return isoTime(runtime.now());
  const counted = result.status === 'pending' ? 'failed' : result.status;
  webhookDeliveryCount.add(1, { webhook: webhookId, outcome: counted });
  if (outcome.kind === 'failed') warn(sentenceOf(result, outcome.reason));
  return result.status === 'pending' ? result.dueAt : undefined;
}

/** A message after an attempt: delivered, waiting for the next attempt, or dead-lettered after the last one. */
export function afterAttempt(
  { body, lastStatus: _, lastError: __, ...delivery }: Delivery,
  outcome: PostOutcome,
  { now, random }: Pick<Runtime, 'now' | 'random'>,
): Delivery {
  const attempts = delivery.attempts + 1;
  const { status: lastStatus } = outcome;
  const tried = {
    ...delivery,
    attempts,
    lastAttemptAt: isoTime(now()),
    ...(lastStatus !== undefined && { lastStatus }),
  };
  if (outcome.kind === 'delivered') return { ...tried, status: 'delivered', ttl: KEEP_DELIVERED_SECONDS };
  const failed = { ...tried, lastError: outcome.reason };
  if (attempts >= MAX_ATTEMPTS) return { ...failed, status: 'dead-lettered' };
  // A partner can ask for a longer wait, up to the longest that there is.
  const notBefore = Math.min(outcome.notBefore ?? 0, now() + BACKOFF.maxMs);
  const dueAt = isoTime(Math.max(notBefore, now() + backoffMs(attempts, BACKOFF, random)));
  return { ...failed, dueAt, ...(body !== undefined && { body }) };
}

/** Names the message by its ids alone. */
function sentenceOf({ id, webhookId, eventType, attempts, status, dueAt }: Delivery, reason: string): string {
  const what = `Webhook ${webhookId}: attempt ${attempts} to deliver ${eventType} ${id} failed: ${reason}.`;
  return status === 'dead-lettered' ? `${what} It is dead-lettered.` : `${what} The next one is at ${dueAt}.`;
}

const isoTime = (ms: number): string => new Date(ms).toISOString();
