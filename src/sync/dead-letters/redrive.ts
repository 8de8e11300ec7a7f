import type { Container } from '@azure/cosmos';
import { fromStoredEvent } from '../../shared/read-models/dead-letter-event.ts';
import type { DeadLetter } from '../../shared/read-models/dead-letters.ts';
import { replaceIfUnchanged } from '../../shared/read-models/replace-if-unchanged.ts';
import type { Projected, ReceivedEvent } from '../projector/projector.ts';

/** Projects events into one read model and returns those that it cannot handle. */
export type ProjectEvents = (received: readonly ReceivedEvent[]) => Promise<Projected>;

/**
 * Projects a dead letter again and stores the result. Idempotent: the projection ignores an event that it has already applied.
 * Returns undefined on an ETag conflict with another redrive. Throws TransientFault and the errors of the database.
 */
export async function redrive(
  container: Container,
  { letter, etag }: { readonly letter: DeadLetter; readonly etag: string },
  project: ProjectEvents,
  now: Date,
): Promise<DeadLetter | undefined> {
  const { event, partitionId, sequenceNumber } = letter;
  const { poison } = await project([{ body: fromStoredEvent(event), partitionId, sequenceNumber }]);
  const [failure] = poison;
  const { discardReason: _earlier, ...kept } = letter;
  const result: DeadLetter = {
    ...kept,
    reason: failure?.reason ?? letter.reason,
    attempts: letter.attempts + 1,
    lastTried: now.toISOString(),
    status: failure === undefined ? 'redriven' : 'waiting',
  };
  const stored = await replaceIfUnchanged(container, result, { partitionKey: letter.readModel, etag });
  return stored === undefined ? undefined : result;
}
