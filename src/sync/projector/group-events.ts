import { type CustomerCopy, newerCopy } from '../../shared/read-models/customer-copy.ts';
import type { Projection } from '../projections/projection.ts';
import type { DecodedEvent, Group } from './project-groups.ts';

/** Most documents that can be written together, in one transactional batch. */
const MAX_DOCUMENTS = 100;

/** A queue of groups per logical partition, since one group can have no more documents than can be written together. */
export function groupByPartition<Document>(
  decoded: readonly DecodedEvent[],
  projection: Projection<Document>,
): readonly (readonly Group[])[] {
  const queues = new Map<string, Group[]>();
  for (const event of decoded) {
    const target = projection.targetOf(event.event);
    if (target === undefined) continue;
    const queue = queues.get(target.partitionKey) ?? [];
    queues.set(target.partitionKey, queue);
    const last = queue.at(-1);
    const ids = [...new Set([...(last?.target.ids ?? []), ...target.ids])];
    if (last === undefined || ids.length > MAX_DOCUMENTS) queue.push({ target, events: [event] });
    else queue[queue.length - 1] = { target: { ...target, ids }, events: [...last.events, event] };
  }
  return [...queues.values()];
}

/** What was heard last of a customer in a batch, and the event that says it. */
export interface CustomerChange {
  readonly copy: CustomerCopy;
  readonly event: DecodedEvent;
}

/** The newest change of each customer. */
export function customerChanges<Document>(
  decoded: readonly DecodedEvent[],
  projection: Projection<Document>,
): readonly CustomerChange[] {
  const changes = new Map<string, CustomerChange>();
  for (const event of decoded) {
    const copy = projection.copyOf?.(event.event);
    if (copy === undefined) continue;
    const known = changes.get(copy.customerId);
    if (newerCopy(copy, known?.copy) === copy) changes.set(copy.customerId, { copy, event });
  }
  return [...changes.values()];
}
