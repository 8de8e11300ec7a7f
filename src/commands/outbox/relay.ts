import type { EventPublisher } from '../../shared/event-hubs/event-publisher.ts';
import type { Clock } from '../../shared/runtime.ts';
import type { Outbox, OutboxEvent } from '../write-store/outbox.ts';
import { recordRefusals } from './refused-events.ts';
import { sendTraced } from './traced-send.ts';

export interface RelaySettings {
  /** Name of the lease owner, unique per process. */
  readonly owner: string;
  /** Duration of the lease in milliseconds. The relay gives up on events that are not sent within it. */
  readonly leaseMs: number;
  /** Events younger than this (ms) are left to the publisher that runs after each commit. */
  readonly olderThanMs: number;
  /** Maximum events per claim. */
  readonly batchSize: number;
  readonly warn: (text: string) => void;
}

/**
 * Sends the unpublished events in the outbox, by age and in version order per aggregate, until none are left or the hub accepts none
 * of them any more. An event that the hub refuses holds back only later versions of its aggregate. Returns the number of events
 * that were sent and marked as published.
 */
export async function relayOutbox(
  outbox: Pick<Outbox, 'claim' | 'markPublished' | 'recordRefusals'>,
  publisher: Pick<EventPublisher, 'send'>,
  { batchSize, warn, ...settings }: RelaySettings,
  { delay }: Pick<Clock, 'delay'>,
): Promise<number> {
  let relayed = 0;
  for (;;) {
    const claimed = await outbox.claim({ ...settings, limit: batchSize });
    const leaseEnd = new AbortController();
    const lease = delay(settings.leaseMs, leaseEnd.signal);
    const { sent, refused } = await sendAll(claimed, publisher, lease).finally(() => leaseEnd.abort());
    if (sent.length > 0) await outbox.markPublished(sent);
    if (refused.length > 0) await recordRefusals(outbox, refused, warn);
    relayed += sent.length;
    if (claimed.length < batchSize || sent.length + refused.length === 0) return relayed;
  }
}

interface Sent {
  /** Ids of the events that the hub acknowledged within the lease. */
  readonly sent: readonly string[];
  readonly refused: readonly OutboxEvent[];
}

/**
 * Sends events until the lease is over: aggregates concurrently, and the versions of each aggregate in order: a version is sent only after the previous one was
 * acknowledged. The hub refuses a batch as a whole, so refused events are sent once more, each alone, to find the ones it means.
 */
async function sendAll(
  events: readonly OutboxEvent[],
  publisher: Pick<EventPublisher, 'send'>,
  lease: Promise<void>,
): Promise<Sent> {
  let isOver = false;
  const leaseOver = lease.then(() => {
    isOver = true;
  });
  const sent: string[] = [];
  const refused: OutboxEvent[] = [];
  const send = async (event: OutboxEvent, onRefused: OutboxEvent[]): Promise<boolean> => {
    const outcome = isOver ? 'failed' : await sendTraced(publisher, event);
    if (outcome === 'sent') sent.push(event.eventId);
    if (outcome === 'refused') onRefused.push(event);
    return outcome === 'sent';
  };
  const sending = async () => {
    const suspects: OutboxEvent[] = [];
    const aggregates = Map.groupBy(events, ({ aggregateType, aggregateId }) => `${aggregateType}/${aggregateId}`);
    await Promise.all(
      [...aggregates.values()].map(async (versions) => {
        for (const event of versions) if (!(await send(event, suspects))) return;
      }),
    );
    for (const suspect of suspects) await send(suspect, refused);
  };
  await Promise.race([sending(), leaseOver]);
  return { sent: sent.slice(), refused: refused.slice() };
}
