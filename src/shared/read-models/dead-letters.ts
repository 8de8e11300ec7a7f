import * as z from 'zod';
import { READ_MODELS, WEBHOOKS_CONSUMER_GROUP } from '../event-hubs/hub.ts';
import { MAX_ID_LENGTH } from '../http/identifiers.ts';
import { fromStoredEvent } from './dead-letter-event.ts';

/** `discarded`: somebody decided that the read model does not need the event. */
export const deadLetterStatus = z.enum(['waiting', 'redriven', 'discarded']);
export type DeadLetterStatus = z.output<typeof deadLetterStatus>;

/** An event that a projection could not handle, or from which the messages for partners could not be created. */
export interface DeadLetter {
  readonly id: string;
  /** The read model, or `webhooks`; also the partition key. */
  readonly readModel: string;
  /** Why the last attempt failed. */
  readonly reason: string;
  /** The event as received from the hub: see `toStoredEvent`; a data URL when it is not UTF-8. */
  readonly event: string;
  readonly partitionId: string;
  readonly sequenceNumber: number;
  readonly attempts: number;
  /** ISO 8601 UTC. */
  readonly firstSeen: string;
  readonly lastTried: string;
  readonly status: DeadLetterStatus;
  /** Why somebody discarded it. */
  readonly discardReason?: string;
  /** The customer whom the event is about; null when it does not say. Letters from before this was recorded lack it. */
  readonly customerId?: string | null;
  /** Lists sort by it in descending order: newest first. */
  readonly sortKey: string;
}

/** The name of a read model. */
export const readModelName = z.enum(READ_MODELS, `must be one of ${READ_MODELS.join(', ')}`);

const CONSUMERS = [...READ_MODELS, WEBHOOKS_CONSUMER_GROUP];

/** The consumer that lacks the event of a dead letter, in requests and responses. */
export const deadLetterConsumer = z
  .enum(CONSUMERS, `must be one of ${CONSUMERS.join(', ')}`)
  .describe('The read model that lacks the event; `webhooks` when the messages for partners about it are missing.');

/** The consumer in a dead letter's id. Its name has no `-`. */
export function consumerOf(deadLetterId: string): string {
  return deadLetterId.split('-', 1)[0] ?? '';
}

/** A dead letter in API responses. */
export const deadLetterResponse = z
  .strictObject({
    deadLetterId: z.string(),
    readModel: deadLetterConsumer,
    reason: z.string(),
    attempts: z.int().positive(),
    event: z.unknown().describe('The event: JSON when it can be parsed, else a string.'),
    firstSeen: z.iso.datetime(),
    lastTried: z.iso.datetime(),
    status: deadLetterStatus,
    discardReason: z.string().exactOptional(),
  })
  .meta({ id: 'DeadLetter' });

/** Maps a dead letter to its API response. */
export function toDeadLetterResponse(letter: DeadLetter): z.output<typeof deadLetterResponse> {
  const { id: deadLetterId, readModel, reason, attempts, event, firstSeen, lastTried, status, discardReason } = letter;
  const response = {
    deadLetterId,
    readModel,
    reason,
    attempts,
    event: asJson(fromStoredEvent(event)),
    firstSeen,
    lastTried,
    status,
  };
  return discardReason === undefined ? response : { ...response, discardReason };
}

/** Limited, because the size of a dead letter is. */
const withCustomer = z.object({ customerId: z.string().max(MAX_ID_LENGTH) });
const owner = z.union([
  z.object({ order: withCustomer }).transform(({ order }) => order.customerId),
  z.object({ customer: withCustomer }).transform(({ customer }) => customer.customerId),
  z.object({ personal: withCustomer }).transform(({ personal }) => personal.customerId),
]);

/** The customer whom the body of an event is about; undefined when it does not say. */
export function customerOf(body: string): string | undefined {
  return owner.safeParse(asJson(body)).data;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
