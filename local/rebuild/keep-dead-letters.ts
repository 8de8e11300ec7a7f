import type { Clock } from '../../src/shared/runtime.ts';
import { type PoisonEvent, toDeadLetter } from '../../src/sync/dead-letters/dead-letters.ts';
import type { ContainerDocuments } from '../cosmos-db/container-documents.ts';
import { createDocument } from '../cosmos-db/document-operations.ts';

/**
 * Returns a function that adds events that a projection cannot handle to the stand-in's container of dead letters, except those that it
 * has already from the hub, where the same event has another position.
 */
export function keepDeadLetters(documents: ContainerDocuments, { now }: Pick<Clock, 'now'>) {
  const known = new Set(Array.from(documents.all(), ({ value }) => nameOf(value.readModel, value.event)));
  return (readModel: string, events: readonly PoisonEvent[]): void => {
    for (const event of events) {
      const letter = toDeadLetter(readModel, event, new Date(now()).toISOString());
      if (known.has(nameOf(readModel, letter.event))) continue;
      createDocument(documents.partition(JSON.stringify([readModel])), letter);
    }
  };
}

const nameOf = (readModel: unknown, event: unknown): string => JSON.stringify([readModel, event]);
