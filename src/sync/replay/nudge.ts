import type { EventPublisher } from '../../shared/event-hubs/event-publisher.ts';
import type { Replay } from './replay.ts';

/** What the messages are for: no read model, so that each skips them without reading them (see `isReplayOf`). */
const NO_READ_MODEL = 'none';
/** Messages for each partition. Their keys spread them, so that repeated nudges reach every partition. */
const PER_PARTITION = 4;

/**
 * Nudges the triggers of the read models when a replay waits for them to process its last events: sends messages to the hub that every
 * read model skips. A trigger that could not write the checkpoint of its last batch writes none
 * until it gets another one, so a replay that has published everything would wait for that checkpoint forever. Does nothing when the
 * hub is away; the next run tries again.
 */
export async function nudge(
  { id: replayId, status, ends }: Pick<Replay, 'id' | 'status' | 'ends'>,
  publisher: Pick<EventPublisher, 'send'>,
  now: Date,
): Promise<void> {
  if (status !== 'running' || ends === null) return;
  const properties = { replayId, readModel: NO_READ_MODEL };
  const messages = Array.from({ length: Object.keys(ends).length * PER_PARTITION }, (_, index) => {
    const eventId = `${replayId}/${now.toISOString()}/${index}`;
    return publisher.send({ eventId, aggregateId: eventId, body: '{}', properties });
  });
  await Promise.all(messages);
}
