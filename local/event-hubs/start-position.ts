/**
 * Where a reader starts: the selector filter on its source.
 * Sources: https://azure.github.io/amqpnetlite/articles/azure_eventhubs.html; `eventPosition` of `@azure/event-hubs`,
 * which writes these expressions.
 */
import type { Source } from 'rhea';
import { AmqpRefusal, condition } from './amqp-refusal.ts';
import { type PartitionLog, sequenceAtOffset } from './partition-log.ts';

const SELECTOR_FILTER = 'apache.org:selector-filter:string';
const EXPRESSION = /^amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time) (>=?) '(-?\d+|@latest)'$/;

/**
 * @param source the source of the attach; without a filter the reader starts at the oldest event
 * @param log the partition to read
 * @returns the sequence number of the first event to deliver (it may not have been sent yet)
 * @throws {AmqpRefusal} com.microsoft:argument-error for any other expression
 */
export function startPosition(source: Source, log: PartitionLog): number {
  const filter: unknown = source.filter?.[SELECTOR_FILTER]?.value;
  if (filter === undefined) return log.firstSequenceNumber;
  const [, annotation, comparison, value] = EXPRESSION.exec(String(filter)) ?? [];
  if (value === '@latest') return log.nextSequenceNumber;
  const inclusive = comparison === '>=';
  switch (annotation) {
    case 'offset':
      return sequenceAtOffset(Number(value), inclusive);
    case 'sequence-number':
      return Number(value) + (inclusive ? 0 : 1);
    case 'enqueued-time':
      return sequenceAtTime(log, Number(value), inclusive);
    default:
      throw new AmqpRefusal(condition.argument, `The filter '${String(filter)}' is not understood.`);
  }
}

/** Binary search: times never decrease within a partition. */
function sequenceAtTime(log: PartitionLog, time: number, inclusive: boolean): number {
  let low = log.firstSequenceNumber;
  let high = log.nextSequenceNumber;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const enqueuedAt = log.entry(middle)?.enqueuedAt ?? 0;
    if (enqueuedAt > time || (inclusive && enqueuedAt === time)) high = middle;
    else low = middle + 1;
  }
  return low;
}
