import { setTimeout as delay } from 'node:timers/promises';
import { decodeEvent } from '../shared/events/decode.ts';
import type { EventEnvelope } from '../shared/events/envelope.ts';
import { skippedCount } from '../shared/telemetry/metrics.ts';
import { TransientFault } from './bulk.ts';
import type { DeadLetters, EventPosition, PoisonEvent } from './dead-letters.ts';
import type { DocumentStore, PartitionWrite, StoredDocument } from './document-store.ts';
import type { Documents, Projection } from './projection.ts';

/** An event as the hub delivers it. */
export interface ReceivedEvent extends EventPosition {
  readonly body: string;
}

interface DecodedEvent extends ReceivedEvent {
  readonly event: EventEnvelope;
}

/** Events of a batch that change documents of one logical partition. */
interface Group {
  readonly partitionKey: string;
  readonly ids: ReadonlySet<string>;
  readonly events: readonly DecodedEvent[];
}

/** A group's documents after its events: what is to be written, and the events that the projection threw at. */
interface Folded<Document> {
  readonly write: PartitionWrite<Document>;
  readonly poison: readonly PoisonEvent[];
}

export interface ProjectorDependencies<Document> {
  readonly documents: DocumentStore<Document>;
  readonly deadLetters: DeadLetters;
}

/** How many rounds in a row may be lost against others that write the same documents. */
const MAX_LOST_ROUNDS = 6;
/** Out of twice this time (ms), and of twice as much after each further round, the wait before the next one is drawn. */
const FIRST_WAIT_MS = 10;
/** Most documents that can be written together, in one transactional batch. */
const MAX_DOCUMENTS = 100;

/**
 * Brings one read model up to date with a batch of events. Poison events go to dead letters and the rest goes on. Returns the
 * events that the read model has now. Throws TransientFault when the batch must come again.
 */
export async function projectBatch<Document>(
  received: readonly ReceivedEvent[],
  projection: Projection<Document>,
  { documents, deadLetters }: ProjectorDependencies<Document>,
): Promise<readonly EventEnvelope[]> {
  const { projected, poison } = await projectEvents(received, projection, documents);
  await deadLetters.keep(projection.container.name, poison);
  return projected;
}

/** What became of a batch: events that the read model has now, and those that it can't take. */
export interface Projected {
  readonly projected: readonly EventEnvelope[];
  readonly poison: readonly PoisonEvent[];
}

/** Reads, folds and writes: one bulk read and one bulk write, unless others write the same documents. Throws TransientFault. */
export async function projectEvents<Document>(
  received: readonly ReceivedEvent[],
  projection: Projection<Document>,
  documents: DocumentStore<Document>,
): Promise<Projected> {
  const readModel = projection.container.name;
  const { decoded, poison } = decodeAll(received, readModel);
  let queues = groupByPartition(decoded, projection);
  for (let lostRounds = 0; queues.length > 0; ) {
    if (lostRounds > MAX_LOST_ROUNDS) throw new TransientFault(`Documents of ${readModel} keep changing.`);
    const heads = queues.flatMap(([head]) => head ?? []);
    const { conflicts, poison: found } = await projectGroups(heads, projection, documents);
    poison.push(...found);
    lostRounds = conflicts.size === heads.length ? lostRounds + 1 : 0;
    // Projections that try again in step lose in step.
    if (lostRounds > 0) await delay(Math.random() * FIRST_WAIT_MS * 2 ** lostRounds);
    queues = queues
      .map(([head, ...rest]) => (head !== undefined && conflicts.has(head) ? [head, ...rest] : rest))
      .filter((queue) => queue.length > 0);
  }
  const poisoned = new Set(poison.map(({ sequenceNumber }) => sequenceNumber));
  const projected = decoded.filter(({ sequenceNumber }) => !poisoned.has(sequenceNumber)).map(({ event }) => event);
  return { projected, poison };
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

/** A queue of groups per logical partition, since one group can have no more documents than can be written together. */
function groupByPartition<Document>(
  decoded: readonly DecodedEvent[],
  projection: Projection<Document>,
): readonly (readonly Group[])[] {
  const queues = new Map<string, Group[]>();
  for (const event of decoded) {
    const target = projection.targetOf(event.event);
    if (target === undefined) continue;
    const { partitionKey } = target;
    const queue = queues.get(partitionKey) ?? [];
    queues.set(partitionKey, queue);
    const last = queue.at(-1);
    const ids = new Set([...(last?.ids ?? []), ...target.ids]);
    if (last === undefined || ids.size > MAX_DOCUMENTS) {
      queue.push({ partitionKey, ids: new Set(target.ids), events: [event] });
    } else {
      queue[queue.length - 1] = { partitionKey, ids, events: [...last.events, event] };
    }
  }
  return [...queues.values()];
}

/** Reads, folds and writes each group's documents once; groups whose documents changed meanwhile are conflicts. */
async function projectGroups<Document>(
  groups: readonly Group[],
  projection: Projection<Document>,
  documents: DocumentStore<Document>,
): Promise<{ readonly conflicts: ReadonlySet<Group>; readonly poison: readonly PoisonEvent[] }> {
  const stored = await documents.read(groups.map(({ partitionKey, ids }) => ({ partitionKey, ids: [...ids] })));
  const folded = groups.map((group, index) => ({ group, ...fold(group, stored[index] ?? new Map(), projection) }));
  const outcomes = await documents.write(folded.map(({ write }) => write));
  const conflicts = new Set<Group>();
  const poison: PoisonEvent[] = [];
  for (const [index, { group, poison: thrownAt }] of folded.entries()) {
    const outcome = outcomes[index];
    if (outcome === 'conflict') conflicts.add(group);
    else poison.push(...thrownAt);
    if (typeof outcome === 'object')
      poison.push(...group.events.map((event) => ({ ...event, reason: outcome.refused })));
  }
  return { conflicts, poison };
}

function fold<Document>(
  { partitionKey, events }: Group,
  stored: ReadonlyMap<string, StoredDocument<Document>>,
  projection: Projection<Document>,
): Folded<Document> {
  let documents: Documents<Document> = new Map([...stored].map(([id, { document }]) => [id, document]));
  const poison: PoisonEvent[] = [];
  for (const event of events) {
    try {
      documents = projection.apply(documents, event.event);
    } catch (error) {
      poison.push({ ...event, reason: `the projection failed: ${error instanceof Error ? error.message : error}` });
    }
  }
  const changed = [...documents].filter(([id, document]) => document !== stored.get(id)?.document);
  const writes = changed.map(([id, document]) => ({ id, document, etag: stored.get(id)?.etag }));
  return { write: { partitionKey, documents: writes }, poison };
}
