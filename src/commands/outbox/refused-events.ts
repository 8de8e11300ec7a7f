import { setAsideCount } from '../../shared/telemetry/metrics.ts';
import type { Outbox, OutboxEvent } from '../write-store/outbox.ts';

/** Refusals after which an event is set aside, and for how long (ms). Then it is tried once more. */
const SET_ASIDE = { maxTries: 5, setAsideMs: 3_600_000 };

/**
 * Records that the hub refused events, each for a reason of its own (it is too large, for example). Counts and logs the events that
 * are set aside now: they wait in the outbox, and so do the later versions of their aggregates.
 */
export async function recordRefusals(
  outbox: Pick<Outbox, 'recordRefusals'>,
  events: readonly OutboxEvent[],
  warn: (text: string) => void,
): Promise<void> {
  const setAside = new Set(
    await outbox.recordRefusals({ eventIds: events.map(({ eventId }) => eventId), ...SET_ASIDE }),
  );
  for (const { eventId, aggregateType, aggregateId, version } of events) {
    if (!setAside.has(eventId)) continue;
    setAsideCount.add(1, { aggregate_type: aggregateType });
    warn(
      `Event ${eventId} is set aside for ${SET_ASIDE.setAsideMs / 60_000} minutes, because the hub refused it ${SET_ASIDE.maxTries} ` +
        `times or more: version ${version} of ${aggregateType} ${aggregateId}. Later versions wait for it.`,
    );
  }
}
