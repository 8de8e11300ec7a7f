import { createHash } from 'node:crypto';
import type { Container } from '@azure/cosmos';
import { toStoredEvent } from '../../shared/read-models/dead-letter-event.ts';
import { customerOf, type DeadLetter } from '../../shared/read-models/dead-letters.ts';
import { sortKey } from '../../shared/read-models/sort-key.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { deadLetterCount } from '../../shared/telemetry/metrics.ts';
import { runBulk } from '../projector/bulk.ts';

/** The position of an event in the hub. */
export interface EventPosition {
  readonly partitionId: string;
  readonly sequenceNumber: number;
}

/** An event that a projection cannot handle; redelivery does not help. */
export interface PoisonEvent extends EventPosition {
  readonly body: string;
  readonly reason: string;
}

export interface DeadLetters {
  /**
   * Stores poison events. Idempotent. Returns those that were not stored before. Throws TransientFault, so that the batch is
   * redelivered and no event is lost.
   */
  add(readModel: string, events: readonly PoisonEvent[]): Promise<readonly PoisonEvent[]>;
}

/** Dead letters in their Cosmos DB container. Each holds the event exactly as it was received. */
export function cosmosDeadLetters(
  container: Container,
  runtime: Pick<Runtime, 'now' | 'delay' | 'random'>,
): DeadLetters {
  return {
    add: async (readModel, events) => {
      if (events.length === 0) return [];
      const operations = events.map((event) => ({
        operationType: 'Create' as const,
        partitionKey: readModel,
        resourceBody: { ...toDeadLetter(readModel, event, new Date(runtime.now()).toISOString()) },
      }));
      const responses = await runBulk(container, operations, runtime);
      // 409: already stored by an earlier attempt at the same batch that failed later.
      const failed = responses.find(({ statusCode }) => statusCode >= 300 && statusCode !== 409);
      if (failed !== undefined) throw new Error(`Dead letters cannot be written: status ${failed.statusCode}.`);
      const created = events.filter((_, index) => (responses[index]?.statusCode ?? 0) < 300);
      for (const { reason } of created) {
        deadLetterCount.add(1, { read_model: readModel, reason: reasonForMetrics(reason) });
      }
      return created;
    },
  };
}

/** Longest reason in a metric, in UTF-16 code units. */
const MAX_METRIC_REASON = 80;

/** A reason without its details, because each value of a metric's attribute is a time series of its own. */
export function reasonForMetrics(reason: string): string {
  const [summary = ''] = reason.split(/[:\n]/, 1);
  return summary.replaceAll(/\d+/g, 'N').slice(0, MAX_METRIC_REASON).toWellFormed();
}

/** A new dead letter. `seen` is an ISO 8601 time. */
export function toDeadLetter(
  readModel: string,
  { body, reason, partitionId, sequenceNumber }: PoisonEvent,
  seen: string,
): DeadLetter {
  // The id includes a hash of the body, because a recreated hub restarts its sequence numbers.
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  const id = `${readModel}-${partitionId}-${sequenceNumber}-${hash}`;
  return {
    id,
    readModel,
    reason,
    event: toStoredEvent(body),
    partitionId,
    sequenceNumber,
    attempts: 1,
    firstSeen: seen,
    lastTried: seen,
    status: 'waiting',
    customerId: customerOf(body) ?? null,
    sortKey: sortKey(seen, id),
  };
}
