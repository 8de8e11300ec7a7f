import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../../shared/backoff.ts';
import type { EventEnvelope } from '../../shared/events/envelope.ts';
import type { EventPosition, PoisonEvent } from '../dead-letters/dead-letters.ts';
import type { Documents, Projection, Target } from '../projections/projection.ts';
import { TransientFault } from './bulk.ts';
import type { DocumentStore, PartitionWrite, StoredDocument, WriteOutcome } from './document-store.ts';

/** An event that is to be projected, and how it came. */
export interface DecodedEvent extends EventPosition {
  readonly body: string;
  readonly event: EventEnvelope;
}

/** Events of a batch that change documents of one logical partition. */
export interface Group {
  readonly target: Target;
  readonly events: readonly DecodedEvent[];
}

/** A group's documents after its events: what is to be written, and the events that the projection threw at. */
interface Folded<Document> {
  readonly group: Group;
  readonly stored: ReadonlyMap<string, StoredDocument<Document>>;
  readonly write: PartitionWrite<Document>;
  readonly poison: readonly PoisonEvent[];
}

/** How many rounds in a row may be lost against others that write the same documents. */
const MAX_LOST_ROUNDS = 6;
/** Projectors that retry at the same time would lose against each other again. */
const BACKOFF: Backoff = { firstMs: 20, maxMs: 1_000 };

/**
 * Reads, folds and writes groups of different logical partitions at once, those of one queue one after the other. Returns the
 * events that the read model can't take. Throws TransientFault.
 */
export async function projectQueues<Document>(
  queues: readonly (readonly Group[])[],
  projection: Projection<Document>,
  documents: DocumentStore<Document>,
): Promise<readonly PoisonEvent[]> {
  const poison: PoisonEvent[] = [];
  let waiting = queues;
  for (let lostRounds = 0; waiting.length > 0; ) {
    if (lostRounds > MAX_LOST_ROUNDS)
      throw new TransientFault(`Documents of ${projection.container.name} keep changing.`);
    const heads = waiting.flatMap(([head]) => head ?? []);
    const { again, poison: found } = await projectGroups(heads, projection, documents);
    poison.push(...found);
    lostRounds = again.size === heads.length ? lostRounds + 1 : 0;
    if (lostRounds > 0) await delay(backoffMs(lostRounds, BACKOFF));
    waiting = waiting
      .map(([head, ...rest]) => (head !== undefined && again.has(head) ? [head, ...rest] : rest))
      .filter((queue) => queue.length > 0);
  }
  return poison;
}

/** Projects each group once. Groups whose documents or companions changed meanwhile must be projected again. */
async function projectGroups<Document>(
  groups: readonly Group[],
  projection: Projection<Document>,
  documents: DocumentStore<Document>,
): Promise<{ readonly again: ReadonlySet<Group>; readonly poison: readonly PoisonEvent[] }> {
  const stored = await documents.read(groups.map(({ target }) => target));
  const folded = groups.map((group, index) => fold(group, stored[index] ?? new Map(), projection));
  const outcomes = await documents.write(folded.map(({ write }) => write));
  const created = folded.filter((one, index) => outcomes[index] === 'written' && isCreation(one));
  const again = new Set<Group>(await changedCompanions(created, documents));
  for (const [index, { group }] of folded.entries()) if (outcomes[index] === 'conflict') again.add(group);
  const poison = folded.flatMap((one, index) => (again.has(one.group) ? [] : poisonOf(one, outcomes[index])));
  return { again, poison };
}

function poisonOf<Document>({ group, poison }: Folded<Document>, outcome: WriteOutcome | undefined) {
  if (typeof outcome !== 'object') return poison;
  return [...poison, ...group.events.map((event) => ({ ...event, reason: outcome.refused }))];
}

const isCreation = <Document>({ write }: Folded<Document>) =>
  write.documents.some(({ stored }) => stored === undefined);

/**
 * Groups whose companion has changed since they were folded. Whoever changes a companion then searches for documents: one that
 * existed by then was found, and its ETag lets only one of the two writers win. One that was created later is caught here.
 */
async function changedCompanions<Document>(
  created: readonly Folded<Document>[],
  documents: DocumentStore<Document>,
): Promise<readonly Group[]> {
  const companionIds = [...new Set(created.flatMap(({ group }) => group.target.companionId ?? []))];
  if (companionIds.length === 0) return [];
  const found = await documents.read(companionIds.map((id) => ({ partitionKey: id, ids: [id] })));
  const etags = new Map(companionIds.map((id, index) => [id, found[index]?.get(id)?.etag]));
  const changed = created.filter(({ group, stored }) => {
    const { companionId } = group.target;
    return companionId !== undefined && stored.get(companionId)?.etag !== etags.get(companionId);
  });
  return changed.map(({ group }) => group);
}

function fold<Document>(
  group: Group,
  stored: ReadonlyMap<string, StoredDocument<Document>>,
  projection: Projection<Document>,
): Folded<Document> {
  const { partitionKey, ids } = group.target;
  let documents: Documents<Document> = new Map([...stored].map(([id, { document }]) => [id, document]));
  const poison: PoisonEvent[] = [];
  for (const event of group.events) {
    try {
      documents = projection.apply(documents, event.event);
    } catch (error) {
      poison.push({ ...event, reason: `the projection failed: ${error instanceof Error ? error.message : error}` });
    }
  }
  const changed = [...documents].filter(([id, document]) => ids.includes(id) && document !== stored.get(id)?.document);
  const writes = changed.map(([id, document]) => ({ id, document, stored: stored.get(id) }));
  return { group, stored, write: { partitionKey, documents: writes }, poison };
}
