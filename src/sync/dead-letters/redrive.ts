import type { Container } from '@azure/cosmos';
import type { DeadLetter } from '../../shared/read-models/dead-letters.ts';
import { replaceIfUnchanged } from '../../shared/read-models/replace-if-unchanged.ts';
import type { Projected, ReceivedEvent } from '../projector/projector.ts';

/** Projects events of one read model, and returns which of them it cannot take. */
export type ProjectEvents = (received: readonly ReceivedEvent[]) => Promise<Projected>;

/**
 * Projects a dead letter again and stores the result. Idempotent: the projection recognizes an event that it has seen.
 * Undefined when someone else redrives it at the same time. Throws TransientFault and the faults of the database.
 */
export async function redrive(
  container: Container,
  { letter, etag }: { readonly letter: DeadLetter; readonly etag: string },
  project: ProjectEvents,
  now: Date,
): Promise<DeadLetter | undefined> {
  const { event: body, partitionId, sequenceNumber } = letter;
  const { poison } = await project([{ body, partitionId, sequenceNumber }]);
  const [still] = poison;
  const tried: DeadLetter = {
    ...letter,
    reason: still?.reason ?? letter.reason,
    attempts: letter.attempts + 1,
    lastTried: now.toISOString(),
    status: still === undefined ? 'redriven' : 'waiting',
  };
  const stored = await replaceIfUnchanged(container, tried, { partitionKey: letter.readModel, etag });
  return stored === undefined ? undefined : tried;
}
