import { setTimeout as delay } from 'node:timers/promises';
import type { EventPublisher } from '../../shared/event-hubs/event-publisher.ts';
import type { Outbox, OutboxEvent } from '../write-store/write-store.ts';

export interface RelaySettings {
  /** Name of the lease owner, unique per process. */
  readonly owner: string;
  /** Duration of the lease in milliseconds. The relay gives up on events that are not sent within it. */
  readonly leaseMs: number;
  /** Events younger than this (ms) are left to the publisher that runs after each commit. */
  readonly olderThanMs: number;
  /** Maximum events per claim. */
  readonly batchSize: number;
}

/**
 * Sends the unpublished events in the outbox, in version order per aggregate, until none are left or the hub stops accepting
 * them. Returns the number of events that were sent and marked as published.
 */
export async function relayOutbox(
  outbox: Pick<Outbox, 'claim' | 'markPublished'>,
  publisher: Pick<EventPublisher, 'send'>,
  { batchSize, ...settings }: RelaySettings,
): Promise<number> {
  let relayed = 0;
  for (;;) {
    const claimed = await outbox.claim({ ...settings, limit: batchSize });
    const sent = await sendAll(claimed, publisher, settings.leaseMs);
    if (sent.length > 0) await outbox.markPublished(sent);
    relayed += sent.length;
    if (sent.length < claimed.length || claimed.length < batchSize) return relayed;
  }
}

/** Returns the ids of the events that the hub acknowledged within the lease. */
async function sendAll(
  events: readonly OutboxEvent[],
  publisher: Pick<EventPublisher, 'send'>,
  leaseMs: number,
): Promise<readonly string[]> {
  const sent: string[] = [];
  const sending = events.map(async (event) => {
    if (await publisher.send(event)) sent.push(event.eventId);
  });
  await Promise.race([Promise.all(sending), delay(leaseMs, undefined, { ref: false })]);
  return sent.slice();
}
