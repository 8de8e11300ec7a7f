import { createHash } from 'node:crypto';
import type { Container } from '@azure/cosmos';
import type { DeadLetter } from '../../shared/read-models/dead-letters.ts';
import { sortKey } from '../../shared/read-models/sort-key.ts';
import { deadLetterCount } from '../../shared/telemetry/metrics.ts';
import { runBulk } from '../projector/bulk.ts';

/** Where an event stands in the hub. */
export interface EventPosition {
  readonly partitionId: string;
  readonly sequenceNumber: number;
}

/** An event that a projection cannot handle, now or when it comes again. */
export interface PoisonEvent extends EventPosition {
  readonly body: string;
  readonly reason: string;
}

export interface DeadLetters {
  /** Keeps poison events; the same event again changes nothing. Throws TransientFault, so that none is lost. */
  keep(readModel: string, events: readonly PoisonEvent[]): Promise<void>;
}

/** Dead letters in their Cosmos DB container, each with its event as it came. */
export function cosmosDeadLetters(container: Container, now: () => Date): DeadLetters {
  return {
    keep: async (readModel, events) => {
      if (events.length === 0) return;
      const operations = events.map((event) => ({
        operationType: 'Create' as const,
        partitionKey: readModel,
        resourceBody: { ...toDeadLetter(readModel, event, now().toISOString()) },
      }));
      const responses = await runBulk(container, operations);
      // 409: kept before, by a try of the same batch that failed later.
      const failed = responses.find(({ statusCode }) => statusCode >= 300 && statusCode !== 409);
      if (failed !== undefined) throw new Error(`Dead letters cannot be written: status ${failed.statusCode}.`);
      const kept = responses.filter(({ statusCode }) => statusCode < 300);
      deadLetterCount.add(kept.length, { read_model: readModel });
    },
  };
}

function toDeadLetter(
  readModel: string,
  { body, reason, partitionId, sequenceNumber }: PoisonEvent,
  seen: string,
): DeadLetter {
  // With the body's hash, since a hub that is made anew counts its events from the start again.
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  const id = `${readModel}-${partitionId}-${sequenceNumber}-${hash}`;
  return {
    id,
    readModel,
    reason,
    event: body,
    partitionId,
    sequenceNumber,
    attempts: 1,
    firstSeen: seen,
    lastTried: seen,
    status: 'waiting',
    sortKey: sortKey(seen, id),
  };
}
