/**
 * Where a reader starts: the selector filter on its source.
 * Sources: https://azure.github.io/amqpnetlite/articles/azure_eventhubs.html; `eventPosition` of `@azure/event-hubs`,
 * which writes these expressions.
 */
import type { Source } from 'rhea';
import { AmqpRefusal, condition } from './amqp-refusal.ts';
import { type PartitionLog, sequenceAtOffset } from './partition-log.ts';

/** Clients identify the filter by its name in the filter map or by its descriptor. */
const SELECTOR_FILTER = 'apache.org:selector-filter:string';
const SELECTOR_FILTER_CODE = 0x468c00000004;

/** For example `amqp.annotation.x-opt-offset > '-1'`. The client for .NET leaves the quotes out. */
const EXPRESSION = /^amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time)\s*(>=?)\s*('?)(-?\d+|@latest)\3$/;

/**
 * @param source the source of the attach; without a filter the reader starts at the oldest event
 * @param log the partition to read
 * @returns the sequence number of the first event to deliver (it may not have been sent yet)
 * @throws {AmqpRefusal} com.microsoft:argument-error for any other expression, and for an offset beyond the last event, as the service does
 * (https://github.com/Azure/azure-sdk-for-net/issues/53741)
 */
export function startPosition(source: Source, log: PartitionLog): number {
  const selector = selectorOf(source);
  if (selector === undefined) return log.firstSequenceNumber;
  const [, annotation, comparison, , value] = EXPRESSION.exec(selector.trim()) ?? [];
  if (value === '@latest') return log.nextSequenceNumber;
  const inclusive = comparison === '>=';
  switch (annotation) {
    case 'offset':
      return sequenceWithin(log, Number(value), inclusive);
    case 'sequence-number':
      return Number(value) + (inclusive ? 0 : 1);
    case 'enqueued-time':
      return sequenceAtTime(log, Number(value), inclusive);
    default:
      throw new AmqpRefusal(condition.argument, `The filter '${selector}' is not understood.`);
  }
}

function sequenceWithin(log: PartitionLog, offset: number, inclusive: boolean): number {
  const sequenceNumber = sequenceAtOffset(offset, inclusive);
  if (sequenceNumber <= log.nextSequenceNumber) return sequenceNumber;
  throw new AmqpRefusal(
    condition.argument,
    `The supplied offset '${offset}' is invalid. The last offset in the system is '${log.newest.offset}'.`,
  );
}

function selectorOf({ filter }: Source): string | undefined {
  for (const [name, value] of Object.entries<unknown>(filter ?? {})) {
    const { type, text } = described(value);
    if (name === SELECTOR_FILTER || type === SELECTOR_FILTER || type === SELECTOR_FILTER_CODE) return String(text);
  }
  return undefined;
}

/** rhea does not unwrap described values: they have a `value` and a `descriptor`. */
function described(filter: unknown): { readonly type?: unknown; readonly text: unknown } {
  if (typeof filter !== 'object' || filter === null || !('value' in filter)) return { text: filter };
  return { type: Reflect.get(filter, 'descriptor')?.value, text: filter.value };
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
