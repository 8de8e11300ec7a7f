import { decodeEvents } from '../../shared/events/decode.ts';
import type { EventEnvelope } from '../../shared/events/envelope.ts';
import { skippedCount } from '../../shared/telemetry/metrics.ts';
import type { CustomerKeys } from '../customer-keys/customer-keys.ts';
import type { DeadLetters, EventPosition, PoisonEvent } from '../dead-letters/dead-letters.ts';
import type { DocumentKey, Projection } from '../projections/projection.ts';
import { TransientFault } from './bulk.ts';
import type { DecodedEvent, Group } from './group.ts';
import { customerChanges, groupByPartition } from './group-events.ts';
import { projectQueues, type QueueDependencies } from './project-groups.ts';
import { traceEvents } from './trace-events.ts';

/** An event as the hub delivers it. */
export interface ReceivedEvent extends EventPosition {
  readonly body: string;
}

/** A received event with its content. */
export type Decoded<Received extends ReceivedEvent> = Received & Pick<DecodedEvent, 'event'>;

export interface ProjectorDependencies<Document> extends QueueDependencies<Document> {
  readonly deadLetters: DeadLetters;
  readonly customerKeys: CustomerKeys;
  /** The hub that the events come from, for their spans. */
  readonly hub?: string | undefined;
}

/**
 * Projects a batch of events into one read model. Poison events become dead letters; the rest of the batch is projected. Returns
 * the projected events and the new dead letters. Throws TransientFault when the batch must be redelivered.
 */
export async function projectBatch<Document, Received extends ReceivedEvent>(
  received: readonly Received[],
  projection: Projection<Document>,
  { deadLetters, ...dependencies }: ProjectorDependencies<Document>,
): Promise<ProjectedBatch<Received>> {
  const { projected, poison } = await projectEvents(received, projection, dependencies);
  return { projected, deadLetters: await deadLetters.add(projection.container.readModel, poison) };
}

/** The result of a batch: the projected events, and the events that became dead letters now. */
export interface ProjectedBatch<Received extends ReceivedEvent = ReceivedEvent> {
  readonly projected: readonly Decoded<Received>[];
  readonly deadLetters: readonly PoisonEvent[];
}

/** The result of projecting a batch: the projected events, and those that the projection cannot handle. */
export interface Projected<Received extends ReceivedEvent = ReceivedEvent> {
  readonly projected: readonly Decoded<Received>[];
  readonly poison: readonly PoisonEvent[];
}

/**
 * Decodes a batch and projects its events into one read model. Throws TransientFault.
 */
export async function projectEvents<Document, Received extends ReceivedEvent>(
  received: readonly Received[],
  projection: Projection<Document>,
  { customerKeys, hub, ...dependencies }: Omit<ProjectorDependencies<Document>, 'deadLetters'>,
): Promise<Projected<Received>> {
  const { readModel } = projection.container;
  const { decoded, poison } = await decodeBatch(received, readModel, customerKeys);
  const spans = { operation: 'project', readModel, hub, concerns: isConcernedBy(projection) } as const;
  poison.push(...(await traceEvents(decoded, spans, () => projectDecoded(decoded, projection, dependencies))));
  const poisoned = new Set(poison.map(({ sequenceNumber }) => sequenceNumber));
  const projected = decoded.filter(({ sequenceNumber }) => !poisoned.has(sequenceNumber));
  return { projected, poison };
}

const isConcernedBy =
  <Document>({ targetsOf, customerCopyOf }: Projection<Document>) =>
  (event: EventEnvelope): boolean =>
    targetsOf(event).length > 0 || customerCopyOf?.(event) !== undefined;

/**
 * Reads the documents, folds the events and writes the result: at most one bulk read and one bulk write for new events, unless other
 * writers cause ETag conflicts. The companions of new documents are read afterwards. A customer's change is applied to all documents
 * with an older copy of the customer. Returns the events that the projection cannot handle. Throws TransientFault.
 */
export async function projectDecoded<Document>(
  decoded: readonly DecodedEvent[],
  projection: Projection<Document>,
  dependencies: QueueDependencies<Document>,
): Promise<readonly PoisonEvent[]> {
  const now = dependencies.runtime.now();
  const current = decoded.filter(({ event }) => !projection.isOutdated?.(event, now));
  const poison = await projectQueues(groupByPartition(current, projection), projection, dependencies);
  return [...poison, ...(await projectCopies(current, projection, dependencies))];
}

/**
 * Decodes a batch and decrypts its personal data. Throws TransientFault when the customers' keys cannot be read, because nobody may be
 * mistaken for erased.
 */
export async function decodeBatch<Received extends ReceivedEvent>(
  received: readonly Received[],
  consumer: string,
  customerKeys: CustomerKeys,
) {
  const results = await decodeEvents(
    received.map(({ body }) => body),
    (needed) =>
      customerKeys.keysOf(needed).catch((cause: unknown) => {
        throw new TransientFault('The data keys of customers cannot be read.', { cause });
      }),
    customerKeys.decodedEvents,
  );
  const decoded: Decoded<Received>[] = [];
  const poison: PoisonEvent[] = [];
  for (const [index, event] of received.entries()) {
    const result = results[index];
    if (result?.kind === 'event') decoded.push({ ...event, event: result.event });
    else if (result?.kind === 'undecodable') poison.push({ ...event, reason: result.reason });
    else skippedCount.add(1, { read_model: consumer, event_type: result?.eventType ?? '' });
  }
  for (const { event } of decoded) if (event.eventType === 'CustomerErased') customerKeys.forget(event.aggregateId);
  return { decoded, poison };
}

/** Applies each customer's change to the documents with an older copy of the customer. Returns the events that cannot be applied. */
async function projectCopies<Document>(
  decoded: readonly DecodedEvent[],
  projection: Projection<Document>,
  dependencies: QueueDependencies<Document>,
): Promise<readonly PoisonEvent[]> {
  const poison: PoisonEvent[] = [];
  for (const { copy, event } of customerChanges(decoded, projection)) {
    const [companion] = projection
      .targetsOf(event.event)
      .flatMap(({ partitionKey, ids }) => ids.map((id) => ({ partitionKey, id })));
    const within = projection.byCustomer ? copy.customerId : undefined;
    // An earlier delivery may have written a document but ended before the document was indexed.
    const withSame = dependencies.afterWrite !== undefined;
    for await (const keys of dependencies.documents.findOlderCopies(copy, within, withSame)) {
      const toGroup = ({ partitionKey, id }: DocumentKey): Group => ({
        target: { partitionKey, ids: [id], companion },
        events: [event],
      });
      poison.push(
        ...(await projectQueues(
          keys.map((key) => [toGroup(key)]),
          projection,
          { ...dependencies, readsAll: true },
        )),
      );
    }
  }
  return poison;
}
