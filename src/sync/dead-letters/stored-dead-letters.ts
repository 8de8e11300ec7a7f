import type { Container } from '@azure/cosmos';
import * as z from 'zod';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import { acrossPartitions } from '../../shared/read-models/across-partitions.ts';
import { DEAD_LETTERS } from '../../shared/read-models/containers.ts';
import { fromStoredEvent } from '../../shared/read-models/dead-letter-event.ts';
import { consumerOf, type DeadLetter } from '../../shared/read-models/dead-letters.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import type { SyncApp } from '../app.ts';

/** A dead letter as it is read from its container. */
export type StoredDeadLetter = DeadLetter & { readonly _etag: string };

/** Throws Problem `unavailable`. */
export const notWritten = unavailable('The read model cannot be written at the moment: try again.');

export const deadLetters = ({ database }: Pick<SyncApp, 'database'>): Container =>
  database.container(DEAD_LETTERS.name);

/** Reads a dead letter. Throws Problem `dead-letter-not-found` or `unavailable`. */
export async function readDeadLetter(app: Pick<SyncApp, 'database'>, id: string): Promise<StoredDeadLetter> {
  const { resource: letter } = await deadLetters(app)
    .item(documentId(id), consumerOf(id))
    .read<StoredDeadLetter>()
    .catch(notWritten);
  if (letter === undefined) throw new Problem('dead-letter-not-found', `There is no dead letter ${id}.`);
  return letter;
}

/** Counts all waiting dead letters. */
export async function countWaiting(app: Pick<SyncApp, 'database'>): Promise<number> {
  const { resources } = await deadLetters(app)
    .items.query<number>(
      {
        query: 'SELECT VALUE COUNT(1) FROM c WHERE c.status = @status',
        parameters: [{ name: '@status', value: 'waiting' }],
      },
      acrossPartitions(1),
    )
    .fetchAll();
  return resources.reduce((sum, count) => sum + count, 0);
}

/** Which waiting dead letters are meant; those that match all fields. */
export interface DeadLetterFilter {
  readonly readModel?: string | undefined;
  /** Text in the reason. */
  readonly reason?: string | undefined;
  readonly eventType?: string | undefined;
}

/** Dead letters that are read at a time. */
const PAGE_SIZE = 100;

/**
 * Finds waiting dead letters, those first that were tried longest ago: those that fail again and again do not keep the others from being
 * found. Yields each letter once, even if it is tried again in the meantime. The reason and the event have no index, because they are long and dead
 * letters are few: the waiting ones are read, and the others left out here. Throws the errors of the database.
 */
export async function* findWaiting(
  container: Container,
  { readModel, ...filter }: DeadLetterFilter,
): AsyncGenerator<StoredDeadLetter, void> {
  const query = "SELECT * FROM c WHERE c.status = 'waiting' ORDER BY c.lastTried";
  const options =
    readModel === undefined ? acrossPartitions(PAGE_SIZE) : { partitionKey: readModel, maxItemCount: PAGE_SIZE };
  const found = new Set<string>();
  for await (const { resources } of container.items.query<StoredDeadLetter>(query, options).getAsyncIterator()) {
    for (const letter of resources) {
      if (found.has(letter.id) || !matches(letter, filter)) continue;
      found.add(letter.id);
      yield letter;
    }
  }
}

function matches(letter: StoredDeadLetter, { reason = '', eventType }: DeadLetterFilter): boolean {
  return letter.reason.includes(reason) && (eventType === undefined || eventTypeOf(letter) === eventType);
}

const typedEvent = z.object({ eventType: z.string() });

function eventTypeOf({ event }: StoredDeadLetter): string | undefined {
  try {
    return typedEvent.safeParse(JSON.parse(fromStoredEvent(event))).data?.eventType;
  } catch {
    return undefined;
  }
}
