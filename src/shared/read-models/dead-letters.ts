import { z } from 'zod';
import { READ_MODELS } from '../event-hubs/hub.ts';

/** An event that a projection could not handle. */
export interface DeadLetter {
  readonly id: string;
  /** The container of the projection; also the partition key. */
  readonly readModel: string;
  /** Why it could not be handled when it was tried last. */
  readonly reason: string;
  /** The event as it came from the hub; a data URL where it is no text. */
  readonly event: string;
  readonly partitionId: string;
  readonly sequenceNumber: number;
  readonly attempts: number;
  /** ISO 8601 UTC. */
  readonly firstSeen: string;
  readonly lastTried: string;
  readonly status: 'waiting' | 'redriven';
  /** Descending: the newest first. */
  readonly sortKey: string;
}

/** A read model, as callers name it. */
export const readModelName = z.enum(READ_MODELS, `must be one of ${READ_MODELS.join(', ')}`);

/** The read model that a dead letter's id names; a read model's name has no `-`. */
export function readModelOf(deadLetterId: string): string {
  return deadLetterId.split('-', 1)[0] ?? '';
}

/** A dead letter as admins see it. */
export const deadLetterResponse = z
  .strictObject({
    deadLetterId: z.string(),
    readModel: z.string(),
    reason: z.string(),
    attempts: z.int().positive(),
    event: z.unknown().describe('The event: as JSON where it is, else as text.'),
    firstSeen: z.iso.datetime(),
    lastTried: z.iso.datetime(),
    status: z.enum(['waiting', 'redriven']),
  })
  .meta({ id: 'DeadLetter' });

/** Shows a dead letter. */
export function toDeadLetterResponse(letter: DeadLetter): z.output<typeof deadLetterResponse> {
  const { id: deadLetterId, readModel, reason, attempts, event, firstSeen, lastTried, status } = letter;
  return { deadLetterId, readModel, reason, attempts, event: asJson(event), firstSeen, lastTried, status };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
