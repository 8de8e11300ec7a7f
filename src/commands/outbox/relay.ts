import { setTimeout as delay } from 'node:timers/promises';
import type { EventPublisher } from '../../shared/event-hubs/event-publisher.ts';
import type { Outbox, OutboxEvent } from '../write-store/write-store.ts';

export interface RelaySettings {
  /** Who relays; each process has its own name. */
  readonly owner: string;
  /** Milliseconds for which claimed events are left to this relay; it gives up on them when the time is over. */
  readonly leaseMs: number;
  /** Events younger than this (ms) are on their way already, by the publisher that runs after each commit. */
  readonly olderThanMs: number;
  /** Most events claimed at once. */
  readonly batchSize: number;
}

/**
 * Sends what the outbox still holds, in version order per aggregate, until nothing is left or the hub takes no more.
 * Returns how many events were sent and marked.
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

/** Ids of the events that the hub acknowledged while the lease held. */
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
