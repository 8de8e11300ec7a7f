import { type CustomerCopy, newerCopy } from '../../shared/read-models/customer-copy.ts';
import type { Projection, Target } from '../projections/projection.ts';
import type { DecodedEvent, Group } from './group.ts';

/**
 * Maximum documents that the targets of a group name. A transactional batch has at most 100, and for each customer, a rebuild may write one
 * document more: of the sales of a day, where two of the named documents belong to a customer, 66 are at most 99.
 */
const MAX_DOCUMENTS = 66;

/**
 * Groups events by logical partition. Returns a queue of groups per partition, because a group can have only as many documents as
 * fit into one transactional batch.
 */
export function groupByPartition<Document>(
  decoded: readonly DecodedEvent[],
  projection: Projection<Document>,
): readonly (readonly Group[])[] {
  const queues = new Map<string, Group[]>();
  for (const event of decoded) {
    for (const target of projection.targetsOf(event.event)) {
      const queue = queues.get(target.partitionKey) ?? [];
      queues.set(target.partitionKey, queue);
      enqueue(queue, target, event);
    }
  }
  return [...queues.values()];
}

/** Adds an event to the last group of a queue, or to a new one when the group has no room for its documents. */
function enqueue(queue: Group[], target: Target, event: DecodedEvent): void {
  const last = queue.at(-1);
  const ids = [...new Set([...(last?.target.ids ?? []), ...target.ids])];
  if (last === undefined || ids.length > MAX_DOCUMENTS) queue.push({ target, events: [event] });
  else queue[queue.length - 1] = { target: merged(last.target, target, ids), events: [...last.events, event] };
}

/** The first event that needs a document decides whether it is read at first. */
function merged(first: Target, next: Target, ids: readonly string[]): Target {
  const added = (next.unreadIds ?? []).filter((id) => !first.ids.includes(id));
  // The events of a customer have no companion: theirs is the document itself.
  const companion = next.companion ?? first.companion;
  return { ...next, ids, unreadIds: [...(first.unreadIds ?? []), ...added], companion };
}

/** The newest data of a customer in a batch, and its event. */
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
    const copy = projection.customerCopyOf?.(event.event);
    if (copy === undefined) continue;
    const known = changes.get(copy.customerId);
    if (newerCopy(copy, known?.copy) === copy) changes.set(copy.customerId, { copy, event });
  }
  return [...changes.values()];
}
