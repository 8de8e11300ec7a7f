import type { EventPublisher } from '../../shared/event-hubs/event-publisher.ts';
import type { Clock } from '../../shared/runtime.ts';
import type { Outbox, OutboxEvent } from '../write-store/outbox.ts';
import { recordRefusals } from './refused-events.ts';
import { sendTraced } from './traced-send.ts';

/** Acknowledgements are collected for this long (ms), so that one round trip marks the events of many commands. */
const MARK_AFTER_MS = 100;

export interface PublishAfterCommit {
  /** Sends events that were just committed, and marks them once the hub acknowledges them. Returns immediately. */
  publish(events: readonly OutboxEvent[]): void;
  /** Resolves when all events acknowledged so far are marked. */
  flush(): Promise<void>;
}

/**
 * Publishes right after the commit, without delaying the response. Events that are lost here (in a crash, while the hub is down,
 * or when marking fails) remain unpublished in the outbox. The relay sends them later, possibly a second time (at-least-once
 * delivery).
 */
export function publishAfterCommit(
  publisher: Pick<EventPublisher, 'send'>,
  outbox: Pick<Outbox, 'markPublished' | 'recordRefusals'>,
  warn: (text: string) => void,
  { timer }: Pick<Clock, 'timer'>,
): PublishAfterCommit {
  let acknowledged: string[] = [];
  let cancelFlush: (() => void) | undefined;

  const flush = async () => {
    cancelFlush?.();
    cancelFlush = undefined;
    const eventIds = acknowledged;
    acknowledged = [];
    if (eventIds.length === 0) return;
    await outbox.markPublished(eventIds).catch((error: Error) => {
      warn(`${eventIds.length} published events could not be marked; the relay will send them again: ${error.message}`);
    });
  };

  const notRecorded = (error: Error) => warn(`A refused event could not be recorded: ${error.message}`);

  const sendOne = async (event: OutboxEvent) => {
    const outcome = await sendTraced(publisher, event);
    if (outcome === 'refused') await recordRefusals(outbox, [event], warn).catch(notRecorded);
    if (outcome !== 'sent') return;
    acknowledged.push(event.eventId);
    cancelFlush ??= timer(MARK_AFTER_MS, flush);
  };

  return { publish: (events) => void events.map(sendOne), flush };
}
