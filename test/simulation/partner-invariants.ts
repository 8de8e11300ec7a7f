import { z } from 'zod';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import type { ReceivedMessage } from './edges/partner.ts';
import { STARTS_AT } from './kernel/world.ts';
import type { Services } from './services.ts';
import type { Agreement } from './subscriptions.ts';
import { PERSONAL } from './workload.ts';

/** The maximum difference (ms) between the clocks of two processes. */
const CLOCKS_MS = 6_000;
/** How long (ms) a run of the timer that started before a change may still send as before: its own time and that of its slowest call. */
const RUN_MS = 60_000;

/** What a partner received contrary to its subscription, or did not receive. */
export function brokenAgreement(
  agreement: Agreement,
  services: Services,
  log: readonly EventEnvelope[],
): readonly string[] {
  const { partner } = agreement;
  return [
    ...notReceived(agreement, log).map((event) => `did not get ${nameOf(event)}`),
    ...notReplayed(agreement, log).map((event) => `did not get ${nameOf(event)} again`),
    ...notWanted(agreement).map((message) => `got ${nameOf(message)}, which nobody subscribed to`),
    ...badlySigned(agreement).map((message) => `got ${nameOf(message)} without the signature of its secret`),
    ...outOfOrder(agreement, services, log).map((message) => `got ${nameOf(message)} after a later version`),
  ].map((text) => `Partner ${partner.url} ${text}.`);
}

const nameOf = ({ aggregateType, aggregateId, version }: Named): string =>
  `version ${version} of ${aggregateType} ${aggregateId}`;

interface Named {
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly version: number;
}

/** Events of the types that the partner certainly subscribed to when they were recorded, and until now. */
function notReceived(
  { partner, wanted, deletedFrom }: Agreement,
  log: readonly EventEnvelope[],
): readonly EventEnvelope[] {
  if (deletedFrom !== undefined) return [];
  const received = new Set(partner.received.map(({ eventId }) => eventId));
  const isWanted = (event: EventEnvelope) => {
    const since = wanted.findLastIndex(({ from }) => from + CLOCKS_MS <= recordedAt(event));
    return since !== -1 && wanted.slice(since).every(({ types }) => types.includes(event.eventType));
  };
  return log.filter((event) => isWanted(event) && !received.has(event.eventId));
}

/** A replay delivers every event that the log had when the replay was requested, of the types that the partner wants. */
function notReplayed({ partner, wanted, replay }: Agreement, log: readonly EventEnvelope[]): readonly EventEnvelope[] {
  if (replay === undefined) return [];
  const again = new Set(partner.received.filter(({ at }) => at >= replay.askedAt).map(({ eventId }) => eventId));
  const types = wanted.at(-1)?.types ?? [];
  return log.filter(
    ({ eventId, eventType }) => replay.eventIds.has(eventId) && types.includes(eventType) && !again.has(eventId),
  );
}

/** Messages of types that the partner never wanted, with personal data, or long after its subscription was deleted. */
function notWanted({ partner, wanted, deletedFrom = Number.POSITIVE_INFINITY }: Agreement): readonly ReceivedMessage[] {
  const types = new Set(wanted.flatMap((one) => one.types));
  return partner.received.filter(
    ({ type, body, at }) => !types.has(type) || body.includes(PERSONAL) || at > deletedFrom + RUN_MS,
  );
}

/** Every message is signed with a secret that the partner knows, and soon after a change with the new one. */
function badlySigned({ partner, newSecretFrom = Number.POSITIVE_INFINITY }: Agreement): readonly ReceivedMessage[] {
  const newest = partner.secrets.at(-1) ?? '';
  return partner.received.filter(
    ({ signedWith, at }) => signedWith.length === 0 || (at > newSecretFrom + RUN_MS && !signedWith.includes(newest)),
  );
}

/**
 * The first messages about the versions of an aggregate arrive in the order of the versions, unless the hub received an earlier version
 * later, or the earlier version is from before the subscription, so that only a replay sends it.
 */
function outOfOrder(
  { partner, wanted: [subscribed] }: Agreement,
  { hub }: Services,
  log: readonly EventEnvelope[],
): readonly ReceivedMessage[] {
  const places = placesIn(hub);
  const placeOf = ({ eventId }: ReceivedMessage) => places.get(eventId) ?? 0;
  const before = (subscribed?.from ?? 0) + CLOCKS_MS;
  const early = new Set(log.filter((event) => recordedAt(event) < before).map(({ eventId }) => eventId));
  const known = new Set<string>();
  const firsts = partner.received.filter(({ eventId }) => !known.has(eventId) && known.add(eventId));
  const isLate = (message: ReceivedMessage, earlier: ReceivedMessage) =>
    earlier.aggregateType === message.aggregateType &&
    earlier.aggregateId === message.aggregateId &&
    earlier.version > message.version &&
    placeOf(earlier) > placeOf(message);
  return firsts.filter(
    (message, index) =>
      !early.has(message.eventId) && firsts.slice(0, index).some((earlier) => isLate(message, earlier)),
  );
}

/** When an event was recorded, in simulated milliseconds since the start, by a clock that may be wrong. */
const recordedAt = ({ timestamp }: EventEnvelope): number => Date.parse(timestamp) - STARTS_AT;

const head = z.object({ eventId: z.string() });

/** Where the hub has each event for the first time. */
function placesIn(hub: Services['hub']): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [place, { body }] of hub.events.entries()) {
    const eventId = head.safeParse(parseJson(body)).data?.eventId;
    if (eventId !== undefined && !places.has(eventId)) places.set(eventId, place);
  }
  return places;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
