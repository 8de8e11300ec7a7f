import { z } from 'zod';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { PARTNER_EVENTS } from './edges/partner.ts';
import type { Services } from './services.ts';

/** The partner gets every event since the subscription, of the types that it subscribes to. */
export function notPosted({ partner, sql }: Services, log: readonly EventEnvelope[]): readonly string[] {
  const rows = sql.database.prepare("SELECT Document ->> '$.createdAt' AS createdAt FROM Webhooks").all();
  const since = String(rows[0]?.createdAt);
  const wanted = log.filter(({ eventType, timestamp }) => PARTNER_EVENTS.includes(eventType) && timestamp >= since);
  const missing = wanted.filter(({ eventId }) => !partner.received.has(eventId));
  return missing.map(
    ({ aggregateId, version }) => `The partner did not get version ${version} of order ${aggregateId}.`,
  );
}

/** The partner gets the messages about an aggregate in the order of its versions, unless the hub got an earlier version later. */
export function postedOutOfOrder({ partner, hub }: Services): readonly string[] {
  const places = new Map<string, number>();
  for (const [place, { body }] of hub.events.entries()) {
    const event = head.safeParse(parseJson(body)).data;
    const key = `${event?.aggregateId} ${event?.version}`;
    if (!places.has(key)) places.set(key, place);
  }
  const placeOf = (one: (typeof partner.events)[number]) => places.get(`${one.aggregateId} ${one.version}`) ?? 0;
  return partner.events.flatMap((event, index) =>
    partner.events
      .slice(0, index)
      .filter((other) => other.aggregateId === event.aggregateId && other.version > event.version)
      .filter((other) => placeOf(other) > placeOf(event))
      .map(
        ({ version }) => `The partner got version ${event.version} of ${event.aggregateId} after version ${version}.`,
      ),
  );
}

const head = z.object({ aggregateId: z.string(), version: z.number() });

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
