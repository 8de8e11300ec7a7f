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
  /** Maximum events per claim when the hub accepts some of the oldest ones; otherwise, five times as many. */
  readonly batchSize: number;
  /** A claim has no event that starts after this many characters; when the hub accepts none of the oldest ones, five times as many. */
  readonly batchCharacters: number;
  readonly warn: (text: string) => void;
}

/** Duration of a claim (ms), and its maximum events and characters when the hub accepts the oldest ones. */
export const LEASE = { leaseMs: 30_000, batchSize: 500, batchCharacters: 4_000_000 };

/** Batches in a wide claim. With 500 events each, it fills half of the publisher, so that the events of new commits still find room. */
const WIDE = 5;

/**
 * Sends the unpublished events in the outbox, by age and in version order per aggregate, until none are left or the hub accepts none
 * of them any more. When it accepts none of the oldest ones, perhaps because one partition is unavailable, a wide claim finds younger
 * events of other partitions. An event that the hub refuses holds back only later versions of its aggregate. Returns the number of
 * events that were sent and marked as published.
 */
export async function relayOutbox(
  outbox: RelayedOutbox,
  publisher: Pick<EventPublisher, 'send'>,
  settings: RelaySettings,
  clock: Pick<Clock, 'delay'>,
): Promise<number> {
  let width = 1;
  let relayed = 0;
  for (;;) {
    const { isLast, sent, refused } = await relayClaim({ outbox, publisher, settings, clock }, width);
    relayed += sent;
    const isStuck = sent + refused === 0;
    if (isLast || (isStuck && width === WIDE)) return relayed;
    if (isStuck) width = WIDE;
  }
}

type RelayedOutbox = Pick<Outbox, 'claim' | 'markPublished' | 'recordRefusals'>;

interface Relay {
  readonly outbox: RelayedOutbox;
  readonly publisher: Pick<EventPublisher, 'send'>;
  readonly settings: RelaySettings;
  readonly clock: Pick<Clock, 'delay'>;
}

/**
 * Claims events up to a number of batches, sends them, and records the outcome. Returns how many were sent and refused, and whether no
 * others could be claimed.
 */
async function relayClaim({ outbox, publisher, settings, clock }: Relay, width: number) {
  const { owner, leaseMs, olderThanMs, warn } = settings;
  const [limit, maxCharacters] = [width * settings.batchSize, width * settings.batchCharacters];
  const claimed = await outbox.claim({ owner, leaseMs, olderThanMs, limit, maxCharacters });
  const leaseEnd = new AbortController();
  const lease = clock.delay(leaseMs, leaseEnd.signal);
  const { sent, refused } = await sendAll(claimed, publisher, lease).finally(() => leaseEnd.abort());
  if (sent.length > 0) await outbox.markPublished(sent);
  if (refused.length > 0) await recordRefusals(outbox, refused, warn);
  const characters = claimed.reduce((sum, { body }) => sum + body.length, 0);
  const isLast = claimed.length < limit && characters <= maxCharacters;
  return { isLast, sent: sent.length, refused: refused.length };
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
