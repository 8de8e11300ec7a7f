import type { Container } from '@azure/cosmos';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import { DEAD_LETTERS } from '../../shared/read-models/containers.ts';
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
