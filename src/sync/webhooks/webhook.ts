import { createHash } from 'node:crypto';
import * as z from 'zod';
import { EVENTS } from '../../shared/events/envelope.ts';
import { wrappedKey } from '../../shared/personal-data/data-keys.ts';

/** The names of all event types. */
export const EVENT_TYPES = Object.keys(EVENTS);

/** A secret of a subscription as it is stored: encrypted with a data key of its own, which the master key wraps. */
export const storedSecret = wrappedKey.extend({
  /** See `encrypt`. */
  ciphertext: z.string(),
  /** When the secret is no longer used (ISO 8601 UTC): the previous one, while it is being changed. Null: the current one. */
  validUntil: z.string().nullable(),
});
export type StoredSecret = Readonly<z.output<typeof storedSecret>>;

const logPosition = z.object({ aggregateType: z.string(), aggregateId: z.string(), version: z.number() });

/** `failed`: too many runs have failed. A new replay starts again. */
const replayStatus = z.enum(['running', 'completed', 'failed']);

/** Events of the log that are queued again. */
const replay = z.object({
  /** Events recorded before this time (ISO 8601 UTC) are skipped. */
  from: z.string(),
  status: replayStatus,
  /** Number of events that have been queued. */
  queued: z.number(),
  /** Number of failed runs since the last page was queued. Absent in a replay that an earlier release started. */
  failedRuns: z.number().optional(),
  /** The next page of the log starts after it; null: at the beginning. */
  cursor: logPosition.nullable(),
  /** The heartbeat at the start, which a replica must have to be read. Absent in a replay that an earlier release started. */
  beat: z.number().optional(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
});
export type WebhookReplay = Readonly<z.output<typeof replay>>;

/** What is stored of a subscription. */
export const webhookDocument = z.object({
  url: z.string(),
  eventTypes: z.array(z.string()).readonly(),
  /** The current secret first, then the previous one. */
  secrets: z.array(storedSecret).readonly(),
  replay: replay.nullable(),
  /** ISO 8601 UTC. Events recorded before it are delivered only by a replay. */
  createdAt: z.string(),
  updatedAt: z.string(),
});

/** A subscription of a partner to types of events. */
export interface Webhook extends Readonly<z.output<typeof webhookDocument>> {
  readonly webhookId: string;
  /** Increases with each change; 0 for one that is not stored yet. */
  readonly version: number;
}

/** Identifies the URL of a subscription, in hexadecimal. */
export const urlHashOf = (url: string): string => createHash('sha256').update(url).digest('hex');

/** A subscription in API responses. The secrets are not in it. */
export const webhookResponse = z
  .strictObject({
    webhookId: z.string(),
    url: z.string(),
    eventTypes: z.array(z.string()),
    previousSecretUntil: z.iso
      .datetime()
      .exactOptional()
      .describe(
        'While the secret is being changed: the time until which messages are also signed with the previous one.',
      ),
    replay: z
      .strictObject({
        from: z.iso.datetime(),
        status: replayStatus,
        queued: z.int().nonnegative().describe('Number of events that have been queued.'),
        startedAt: z.iso.datetime(),
        finishedAt: z.iso.datetime().exactOptional(),
      })
      .exactOptional()
      .describe('The last replay.'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Webhook' });

/**
 * Maps a subscription to its API response.
 * @param now milliseconds since 1970
 */
export function toWebhookResponse(webhook: Webhook, now: number): z.output<typeof webhookResponse> {
  const { webhookId, url, eventTypes, replay: last, createdAt, updatedAt } = webhook;
  const [, previous] = secretsInUse(webhook, now);
  return {
    webhookId,
    url,
    eventTypes: [...eventTypes],
    ...(previous?.validUntil && { previousSecretUntil: previous.validUntil }),
    ...(last !== null && { replay: toReplayResponse(last) }),
    createdAt,
    updatedAt,
  };
}

function toReplayResponse({ from, status, queued, startedAt, finishedAt }: WebhookReplay) {
  return { from, status, queued, startedAt, ...(finishedAt !== null && { finishedAt }) };
}

/**
 * The secrets that sign messages, the current one first.
 * @param now milliseconds since 1970
 */
export function secretsInUse({ secrets }: Pick<Webhook, 'secrets'>, now: number): readonly StoredSecret[] {
  return secrets.filter(({ validUntil }) => validUntil === null || Date.parse(validUntil) > now);
}
