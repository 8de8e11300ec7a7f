import type { EventPublisher } from '../../shared/event-hubs/event-publisher.ts';
import type { Outbox, OutboxEvent } from '../write-store/write-store.ts';

/** Milliseconds in which acknowledgements are gathered, so that marking costs one round trip for many commands. */
const MARK_AFTER_MS = 100;

export interface PublishAfterCommit {
  /** Sends events that were just committed, and marks them once the hub has them. Returns at once. */
  publish(events: readonly OutboxEvent[]): void;
  /** Resolves when everything acknowledged so far is marked. */
  flush(): Promise<void>;
}

/**
 * Publishes right after the commit, off the caller's path. Whatever is lost here (a crash, a hub that is down, a failed
 * marking) is still unpublished in the outbox, and the relay sends it, at worst a second time.
 */
export function publishAfterCommit(
  publisher: Pick<EventPublisher, 'send'>,
  outbox: Pick<Outbox, 'markPublished'>,
  warn: (text: string) => void,
): PublishAfterCommit {
  let acknowledged: string[] = [];
  let timer: NodeJS.Timeout | undefined;

  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const eventIds = acknowledged;
    acknowledged = [];
    if (eventIds.length === 0) return;
    await outbox.markPublished(eventIds).catch((error: Error) => {
      warn(`${eventIds.length} published events could not be marked; the relay will send them again: ${error.message}`);
    });
  };

  const sendOne = async (event: OutboxEvent) => {
    if (!(await publisher.send(event))) return;
    acknowledged.push(event.eventId);
    timer ??= setTimeout(flush, MARK_AFTER_MS);
  };

  return { publish: (events) => void events.map(sendOne), flush };
}
