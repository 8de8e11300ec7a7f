import type { InvocationContext } from '@azure/functions';
import type { PoisonEvent } from './dead-letters.ts';

/** Maximum positions in one line of the log. */
const MAX_POSITIONS = 10;

/**
 * Logs new dead letters of a batch as one warning per reason. The events themselves are not logged, because they may hold personal data.
 */
export function logDeadLetters(
  context: Pick<InvocationContext, 'warn'>,
  readModel: string,
  letters: readonly PoisonEvent[],
): void {
  for (const [reason, events] of Map.groupBy(letters, (letter) => letter.reason)) {
    const positions = events.map(({ partitionId, sequenceNumber }) => `${partitionId}/${sequenceNumber}`);
    const shown = positions.slice(0, MAX_POSITIONS).join(', ');
    const rest = positions.length > MAX_POSITIONS ? ` and ${positions.length - MAX_POSITIONS} more` : '';
    const what = events.length === 1 ? 'An event became a dead letter' : `${events.length} events became dead letters`;
    context.warn(`${what} of ${readModel} at ${shown}${rest} (partition/sequence number): ${reason}`);
  }
}
