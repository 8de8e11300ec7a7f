import type { Container } from '@azure/cosmos';
import { fromStoredEvent } from '../../shared/read-models/dead-letter-event.ts';
import type { DeadLetter } from '../../shared/read-models/dead-letters.ts';
import { replaceIfUnchanged } from '../../shared/read-models/replace-if-unchanged.ts';
import type { ReceivedEvent } from '../projector/projector.ts';
import type { PoisonEvent } from './dead-letters.ts';

/** Handles events as a consumer of the hub does, and returns those that it cannot handle. Idempotent. Throws TransientFault. */
export type HandleEvents = (received: readonly ReceivedEvent[]) => Promise<{ readonly poison: readonly PoisonEvent[] }>;

/**
 * Handles the event of a dead letter again and stores the result. Idempotent: an event that was handled before changes nothing.
 * Returns undefined on an ETag conflict with another redrive. Throws TransientFault and the errors of the database.
 */
export async function redrive(
  container: Container,
  { letter, etag }: { readonly letter: DeadLetter; readonly etag: string },
  handle: HandleEvents,
  now: Date,
): Promise<DeadLetter | undefined> {
  const { event, partitionId, sequenceNumber } = letter;
  const { poison } = await handle([{ body: fromStoredEvent(event), partitionId, sequenceNumber }]);
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
