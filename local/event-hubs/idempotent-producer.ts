/**
 * The idempotent producer's side channel (`com.microsoft:idempotent-producer`, see `eventHubSender` of
 * `@azure/event-hubs`): the producer gets an id when it attaches and numbers its events, so that one sent again after
 * a lost acknowledgement is not stored twice.
 */
import { randomInt } from 'node:crypto';
import type { Receiver } from 'rhea';
import rhea from 'rhea';
import type { IncomingEvent } from './message-batch.ts';
import { type AttachFields, desiredCapabilities } from './rhea-access.ts';

const CAPABILITY = 'com.microsoft:idempotent-producer';
const PRODUCER_ID = 'com.microsoft:producer-id';
const EPOCH = 'com.microsoft:producer-epoch';
const SEQUENCE_NUMBER = 'com.microsoft:producer-sequence-number';

/** Ids are random so that a producer that outlives a restart of the stand-in never shares one with a new producer. */
const ID_LIMIT = 2 ** 47;

export interface Published {
  readonly producerId: number;
  readonly sequenceNumber: number;
}

/** @returns which producer numbered the event and how, if one did */
export function publishedAs({ annotations }: IncomingEvent): Published | undefined {
  const producerId: unknown = annotations[PRODUCER_ID]?.value;
  const sequenceNumber: unknown = annotations[SEQUENCE_NUMBER]?.value;
  if (typeof producerId !== 'number' || typeof sequenceNumber !== 'number') return undefined;
  return { producerId, sequenceNumber };
}

/** @returns what to announce to a producer that attaches: the identity it brought, or a new one if it asked for that */
export function producerIdentity(link: Receiver): AttachFields {
  if (!desiredCapabilities(link).includes(CAPABILITY)) return {};
  const { [PRODUCER_ID]: id, [EPOCH]: epoch, [SEQUENCE_NUMBER]: sequenceNumber } = link.properties ?? {};
  return {
    offered_capabilities: [CAPABILITY],
    properties: {
      [PRODUCER_ID]: rhea.types.wrap_long(id ?? randomInt(ID_LIMIT)),
      [EPOCH]: rhea.types.wrap_short(epoch ?? 0),
      [SEQUENCE_NUMBER]: rhea.types.wrap_int(sequenceNumber ?? 0),
    },
  };
}
