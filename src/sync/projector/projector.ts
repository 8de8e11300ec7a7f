import { decodeEvents } from '../../shared/events/decode.ts';
import type { EventEnvelope } from '../../shared/events/envelope.ts';
import { skippedCount } from '../../shared/telemetry/metrics.ts';
import type { CustomerKeys } from '../customer-keys/customer-keys.ts';
import type { DeadLetters, EventPosition, PoisonEvent } from '../dead-letters/dead-letters.ts';
import type { Projection } from '../projections/projection.ts';
import { TransientFault } from './bulk.ts';
import type { DocumentStore } from './document-store.ts';
import { customerChanges, groupByPartition } from './group-events.ts';
import { type DecodedEvent, projectQueues } from './project-groups.ts';

/** An event as the hub delivers it. */
export interface ReceivedEvent extends EventPosition {
  readonly body: string;
}

export interface ProjectorDependencies<Document> {
  readonly documents: DocumentStore<Document>;
  readonly deadLetters: DeadLetters;
  readonly customerKeys: CustomerKeys;
}

/**
 * Brings one read model up to date with a batch of events. Poison events go to dead letters and the rest goes on. Returns the
 * events that the read model has now. Throws TransientFault when the batch must come again.
 */
export async function projectBatch<Document>(
  received: readonly ReceivedEvent[],
  projection: Projection<Document>,
  { deadLetters, ...dependencies }: ProjectorDependencies<Document>,
): Promise<readonly EventEnvelope[]> {
  const { projected, poison } = await projectEvents(received, projection, dependencies);
  await deadLetters.keep(projection.container.name, poison);
  return projected;
}

/** What became of a batch: events that the read model has now, and those that it can't take. */
export interface Projected {
  readonly projected: readonly EventEnvelope[];
  readonly poison: readonly PoisonEvent[];
}

/**
 * Reads, folds and writes: one bulk read and one bulk write, unless others write the same documents. The companions of new documents
 * are read once more; a customer's change is applied to the documents with an older copy. Throws TransientFault.
 */
export async function projectEvents<Document>(
  received: readonly ReceivedEvent[],
  projection: Projection<Document>,
  { documents, customerKeys }: Omit<ProjectorDependencies<Document>, 'deadLetters'>,
): Promise<Projected> {
  const { decoded, poison } = await decodeAll(received, projection.container.name, customerKeys);
  poison.push(...(await projectQueues(groupByPartition(decoded, projection), projection, documents)));
  poison.push(...(await projectCopies(decoded, projection, documents)));
  const poisoned = new Set(poison.map(({ sequenceNumber }) => sequenceNumber));
  const projected = decoded.filter(({ sequenceNumber }) => !poisoned.has(sequenceNumber)).map(({ event }) => event);
  return { projected, poison };
}

/** Opens and decodes a batch. Throws TransientFault when the customers' keys cannot be read: nobody is taken for erased. */
async function decodeAll(received: readonly ReceivedEvent[], readModel: string, customerKeys: CustomerKeys) {
  const results = await decodeEvents(
    received.map(({ body }) => body),
    (customerIds) =>
      customerKeys.keysOf(customerIds).catch((cause: unknown) => {
        throw new TransientFault('The data keys of customers cannot be read.', { cause });
      }),
  );
  const decoded: DecodedEvent[] = [];
  const poison: PoisonEvent[] = [];
  for (const [index, event] of received.entries()) {
    const result = results[index];
    if (result?.kind === 'event') decoded.push({ ...event, event: result.event });
    else if (result?.kind === 'undecodable') poison.push({ ...event, reason: result.reason });
    else skippedCount.add(1, { read_model: readModel, event_type: result?.eventType ?? '' });
  }
  for (const { event } of decoded) if (event.eventType === 'CustomerErased') customerKeys.forget(event.aggregateId);
  return { decoded, poison };
}

/** Gives each change of a customer to the documents that have an older copy. Returns the events whose changes they can't take. */
async function projectCopies<Document>(
  decoded: readonly DecodedEvent[],
  projection: Projection<Document>,
  documents: DocumentStore<Document>,
): Promise<readonly PoisonEvent[]> {
  const poison: PoisonEvent[] = [];
  for (const { copy, event } of customerChanges(decoded, projection)) {
    const companionId = projection.targetOf(event.event)?.partitionKey;
    for await (const ids of documents.findOlderCopies(copy)) {
      const toGroup = (id: string) => ({ target: { partitionKey: id, ids: [id], companionId }, events: [event] });
      poison.push(
        ...(await projectQueues(
          ids.map((id) => [toGroup(id)]),
          projection,
          documents,
        )),
      );
    }
  }
  return poison;
}
