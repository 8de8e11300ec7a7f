import { type Backoff, backoffMs } from '../../shared/backoff.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { reportRetry } from '../../shared/telemetry/report-retry.ts';
import type { PoisonEvent } from '../dead-letters/dead-letters.ts';
import type { Projection, Target } from '../projections/projection.ts';
import { TransientFault } from './bulk.ts';
import type { DocumentStore, WriteOutcome } from './document-store.ts';
import { type Folded, foldGroups } from './fold-groups.ts';
import type { Group } from './group.ts';

/** Maximum rounds in a row in which every write ended in an ETag conflict. */
const MAX_CONFLICT_ROUNDS = 6;
/** Without a backoff, projectors that retry at the same time would conflict again. */
const BACKOFF: Backoff = { firstMs: 20, maxMs: 1_000 };

/** What projecting groups needs. */
export interface QueueDependencies<Document> {
  readonly documents: DocumentStore<Document>;
  readonly runtime: Pick<Runtime, 'now' | 'delay' | 'random'>;
  /** Whether the events have probably been projected before, so a first attempt with few reads would be wasted. */
  readonly readsAll?: boolean | undefined;
  /** Called when the documents of targets have been written, also when the events had been projected before. Throws TransientFault. */
  readonly afterWrite?: ((targets: readonly Target[]) => Promise<void>) | undefined;
}

/**
 * Projects groups: the heads of all queues together, the groups of one queue one after the other. Returns the events that the
 * projection cannot handle. Throws TransientFault.
 */
export async function projectQueues<Document>(
  queues: readonly (readonly Group[])[],
  projection: Projection<Document>,
  { documents, runtime, readsAll = false, afterWrite }: QueueDependencies<Document>,
): Promise<readonly PoisonEvent[]> {
  const poison: PoisonEvent[] = [];
  let tried: ReadonlySet<Group> = new Set(readsAll ? queues.flat() : []);
  let waiting = queues;
  for (let conflictRounds = 0; waiting.length > 0; ) {
    if (conflictRounds > MAX_CONFLICT_ROUNDS)
      throw new TransientFault(`Documents of ${projection.container.name} keep changing.`);
    const heads = waiting.flatMap(([head]) => head ?? []);
    const folded = await foldGroups(heads, projection, { documents, tried });
    const { again, poison: found } = await writeFolded(folded, projection, documents);
    poison.push(...found);
    tried = new Set([...tried, ...again]);
    if (again.size > 0) reportRetry({ component: 'projections', reason: 'conflict', count: again.size });
    conflictRounds = again.size === heads.length ? conflictRounds + 1 : 0;
    if (conflictRounds > 0) await runtime.delay(backoffMs(conflictRounds, BACKOFF, runtime.random));
    waiting = waiting
      .map(([head, ...rest]) => (head !== undefined && again.has(head) ? [head, ...rest] : rest))
      .filter((queue) => queue.length > 0);
  }
  await afterWrite?.(queues.flat().map(({ target }) => target));
  return poison;
}

/** Writes the documents of each group. Returns in `again` the groups to retry, because their documents or companions have changed since. */
async function writeFolded<Document>(
  folded: readonly Folded<Document>[],
  projection: Projection<Document>,
  documents: DocumentStore<Document>,
): Promise<{ readonly again: ReadonlySet<Group>; readonly poison: readonly PoisonEvent[] }> {
  const outcomes = await documents.write(folded.map(({ write }) => write));
  const created = folded.filter((one, index) => outcomes[index] === 'written' && isCreation(one, projection));
  const again = new Set<Group>(await changedCompanions(created, documents));
  for (const [index, { group }] of folded.entries()) if (outcomes[index] === 'conflict') again.add(group);
  const poison = folded.flatMap((one, index) => (again.has(one.group) ? [] : poisonOf(one, outcomes[index])));
  return { again, poison };
}

function poisonOf<Document>({ group, poison }: Folded<Document>, outcome: WriteOutcome | undefined) {
  if (typeof outcome !== 'object') return poison;
  return [...poison, ...group.events.map((event) => ({ ...event, reason: outcome.refused }))];
}

/** Whether a document with customer data was created. */
const isCreation = <Document>({ write }: Folded<Document>, { hasCustomerData }: Projection<Document>) =>
  write.documents.some(
    ({ document, stored }) =>
      stored === undefined && document !== undefined && (hasCustomerData === undefined || hasCustomerData(document)),
  );

/**
 * Groups whose companion has changed since they were folded. The writer of a companion then searches for documents to update. It
 * finds the documents that exist by then, and their ETags detect concurrent writes. This check covers those that are created later.
 */
async function changedCompanions<Document>(
  created: readonly Folded<Document>[],
  documents: DocumentStore<Document>,
): Promise<readonly Group[]> {
  const companions = new Map(
    created.flatMap(({ group: { target } }) => (target.companion ? [[target.companion.id, target.companion]] : [])),
  );
  if (companions.size === 0) return [];
  const keys = [...companions.values()];
  const found = await documents.read(keys.map(({ partitionKey, id }) => ({ partitionKey, ids: [id] })));
  const etags = new Map(keys.map(({ id }, index) => [id, found[index]?.get(id)?.etag]));
  const changed = created.filter(({ group: { target }, stored }) => {
    const id = target.companion?.id;
    return id !== undefined && stored.get(id)?.etag !== etags.get(id);
  });
  return changed.map(({ group }) => group);
}
