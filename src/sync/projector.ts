import { decodeEvent } from '../shared/events/decode.ts';
import type { EventEnvelope } from '../shared/events/envelope.ts';
import { skippedCount } from '../shared/telemetry/metrics.ts';
import { TransientFault } from './bulk.ts';
import type { DeadLetters, EventPosition, PoisonEvent } from './dead-letters.ts';
import type { DocumentKey, DocumentStore, DocumentWrite, StoredDocument } from './document-store.ts';
import type { Projection } from './projection.ts';

/** An event as the hub delivers it. */
export interface ReceivedEvent extends EventPosition {
  readonly body: string;
}

interface DecodedEvent extends ReceivedEvent {
  readonly event: EventEnvelope;
}

/** The events of a batch that change one document. */
interface Group {
  readonly key: DocumentKey;
  readonly events: readonly DecodedEvent[];
}

/** A group on its document: what is to be written, and the events that the projection threw at. */
interface FoldedGroup<Document> {
  readonly group: Group;
  readonly write: DocumentWrite<Document> | undefined;
  readonly poison: readonly PoisonEvent[];
}

export interface ProjectorDependencies<Document> {
  readonly documents: DocumentStore<Document>;
  readonly deadLetters: DeadLetters;
}

/** How often a document is folded again after someone else wrote it. */
const MAX_TRIES = 5;

/**
 * Brings one read model up to date with a batch of events: one bulk read, one bulk write. Poison events go to dead letters and
 * the rest goes on. Returns the events that the read model has now. Throws TransientFault when the batch must come again.
 */
export async function projectBatch<Document>(
  received: readonly ReceivedEvent[],
  projection: Projection<Document>,
  { documents, deadLetters }: ProjectorDependencies<Document>,
): Promise<readonly EventEnvelope[]> {
  const readModel = projection.container.name;
  const { decoded, poison } = decodeAll(received, readModel);
  let pending = groupByDocument(decoded, projection);
  for (let attempt = 1; pending.length > 0; attempt++) {
    if (attempt > MAX_TRIES) throw new TransientFault(`Documents of ${readModel} keep changing under the projection.`);
    const result = await projectGroups(pending, projection, documents);
    poison.push(...result.poison);
    pending = result.conflicts;
  }
  await deadLetters.keep(readModel, poison);
  const poisoned = new Set(poison.map(({ sequenceNumber }) => sequenceNumber));
  return decoded.filter(({ sequenceNumber }) => !poisoned.has(sequenceNumber)).map(({ event }) => event);
}

function decodeAll(received: readonly ReceivedEvent[], readModel: string) {
  const decoded: DecodedEvent[] = [];
  const poison: PoisonEvent[] = [];
  for (const event of received) {
    const result = decodeEvent(event.body);
    if (result.kind === 'event') decoded.push({ ...event, event: result.event });
    else if (result.kind === 'undecodable') poison.push({ ...event, reason: result.reason });
    else skippedCount.add(1, { read_model: readModel, event_type: result.eventType });
  }
  return { decoded, poison };
}

function groupByDocument<Document>(
  decoded: readonly DecodedEvent[],
  projection: Projection<Document>,
): readonly Group[] {
  const groups = new Map<string, { readonly key: DocumentKey; readonly events: DecodedEvent[] }>();
  for (const event of decoded) {
    const key = projection.keyOf(event.event);
    if (key === undefined) continue;
    const group = groups.get(key.id) ?? { key, events: [] };
    groups.set(key.id, group);
    group.events.push(event);
  }
  return [...groups.values()];
}

/** Reads, folds and writes each group's document once; groups whose document changed meanwhile come back as conflicts. */
async function projectGroups<Document>(
  groups: readonly Group[],
  projection: Projection<Document>,
  documents: DocumentStore<Document>,
): Promise<{ readonly conflicts: readonly Group[]; readonly poison: readonly PoisonEvent[] }> {
  const stored = await documents.read(groups.map(({ key }) => key));
  const folded = groups.map((group) => fold(group, stored.get(group.key.id), projection));
  const outcomes = await documents.write(folded.flatMap(({ write }) => write ?? []));
  const remaining = outcomes.values();
  const conflicts: Group[] = [];
  const poison: PoisonEvent[] = [];
  for (const { group, write, poison: thrownAt } of folded) {
    const outcome = write === undefined ? 'written' : remaining.next().value;
    if (outcome === 'conflict') conflicts.push(group);
    else poison.push(...thrownAt);
    if (typeof outcome === 'object')
      poison.push(...group.events.map((event) => ({ ...event, reason: outcome.refused })));
  }
  return { conflicts, poison };
}

function fold<Document>(
  group: Group,
  stored: StoredDocument<Document> | undefined,
  projection: Projection<Document>,
): FoldedGroup<Document> {
  let document = stored?.document;
  const poison: PoisonEvent[] = [];
  for (const event of group.events) {
    try {
      document = projection.apply(document, event.event);
    } catch (error) {
      poison.push({ ...event, reason: `the projection failed: ${error instanceof Error ? error.message : error}` });
    }
  }
  if (document === undefined || document === stored?.document) return { group, poison, write: undefined };
  return { group, poison, write: { key: group.key, document, etag: stored?.etag } };
}
