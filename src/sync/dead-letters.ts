import type { Container } from '@azure/cosmos';
import { deadLetterCount } from '../shared/telemetry/metrics.ts';
import { runBulk } from './bulk.ts';

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
      const seen = now().toISOString();
      const operations = events.map(({ body, reason, partitionId, sequenceNumber }) => ({
        operationType: 'Create' as const,
        partitionKey: readModel,
        resourceBody: {
          id: `${readModel}-${partitionId}-${sequenceNumber}`,
          readModel,
          reason,
          event: body,
          partitionId,
          sequenceNumber,
          attempts: 1,
          firstSeen: seen,
          lastTried: seen,
          status: 'waiting',
        },
      }));
      const responses = await runBulk(container, operations);
      // 409: kept before, by a try of the same batch that failed later.
      const failed = responses.find(({ statusCode }) => statusCode >= 300 && statusCode !== 409);
      if (failed !== undefined) throw new Error(`Dead letters cannot be written: status ${failed.statusCode}.`);
      deadLetterCount.add(events.length, { read_model: readModel });
    },
  };
}
