import type { Container } from '@azure/cosmos';
import type { DeadLetter } from '../../shared/read-models/dead-letters.ts';
import type { Projected, ReceivedEvent } from '../projector/projector.ts';

/** Projects events of one read model, and tells which of them it cannot take. */
export type ProjectEvents = (received: readonly ReceivedEvent[]) => Promise<Projected>;

/**
 * Tries a dead letter again, and writes down what came of it. Doing so twice changes nothing: the projection knows the event
 * when it comes again. Throws TransientFault, and an error with code 412 when someone else redrives it at the same time.
 */
export async function redrive(
  container: Container,
  { letter, etag }: { readonly letter: DeadLetter; readonly etag: string },
  project: ProjectEvents,
  now: Date,
): Promise<DeadLetter> {
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
  const accessCondition = { type: 'IfMatch', condition: etag };
  await container.item(letter.id, letter.readModel).replace(tried, { accessCondition });
  return tried;
}
