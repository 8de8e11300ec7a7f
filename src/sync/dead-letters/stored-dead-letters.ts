import type { Container, SqlQuerySpec } from '@azure/cosmos';
import { z } from 'zod';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import { DEAD_LETTERS } from '../../shared/read-models/containers.ts';
import { fromStoredEvent } from '../../shared/read-models/dead-letter-event.ts';
import { type DeadLetter, readModelOf } from '../../shared/read-models/dead-letters.ts';
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
    .item(documentId(id), readModelOf(id))
    .read<StoredDeadLetter>()
    .catch(notWritten);
  if (letter === undefined) throw new Problem('dead-letter-not-found', `There is no dead letter ${id}.`);
  return letter;
}

/** Which waiting dead letters are meant; those that match all fields. */
export interface DeadLetterFilter {
  readonly readModel?: string | undefined;
  /** Text in the reason. */
  readonly reason?: string | undefined;
  readonly eventType?: string | undefined;
}

/** Finds waiting dead letters, at most `limit`. Rejects with the errors of the database. */
export async function findWaiting(
  container: Container,
  { readModel, reason, eventType }: DeadLetterFilter,
  limit: number,
): Promise<readonly StoredDeadLetter[]> {
  const options = readModel === undefined ? {} : { partitionKey: readModel };
  const pages = container.items.query<StoredDeadLetter>(waiting(reason, eventType), options).getAsyncIterator();
  const found: StoredDeadLetter[] = [];
  for await (const { resources } of pages) {
    found.push(...resources.filter((letter) => eventType === undefined || eventTypeOf(letter) === eventType));
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

/** The event's text may contain the type anywhere, or be encoded, so that the query finds more than those of the type. */
function waiting(reason: string | undefined, eventType: string | undefined): SqlQuerySpec {
  const conditions = ["c.status = 'waiting'"];
  const parameters: { name: string; value: string }[] = [];
  if (reason !== undefined) {
    conditions.push('CONTAINS(c.reason, @reason)');
    parameters.push({ name: '@reason', value: reason });
  }
  if (eventType !== undefined) {
    conditions.push("(CONTAINS(c.event, @eventType) OR STARTSWITH(c.event, 'data:'))");
    parameters.push({ name: '@eventType', value: JSON.stringify(eventType) });
  }
  return { query: `SELECT * FROM c WHERE ${conditions.join(' AND ')}`, parameters };
}

const typedEvent = z.object({ eventType: z.string() });

function eventTypeOf({ event }: StoredDeadLetter): string | undefined {
  try {
    return typedEvent.safeParse(JSON.parse(fromStoredEvent(event))).data?.eventType;
  } catch {
    return undefined;
  }
}
