import { EVENT_CONTRACTS, EVENTS, type EventType } from './envelope.ts';
import type { Upcast } from './event-definition.ts';

/**
 * Brings an event from the version it was stored in to the current one, one version at a time. The current version is returned as
 * it is, unchecked.
 */
export function upcast(eventType: EventType, schemaVersion: unknown, event: unknown): Upcast {
  const current = EVENTS[eventType].version;
  if (
    typeof schemaVersion !== 'number' ||
    !Number.isInteger(schemaVersion) ||
    schemaVersion < 1 ||
    schemaVersion > current
  ) {
    const reason = `its schemaVersion is ${JSON.stringify(schemaVersion)}, and only 1 to ${current} are known here`;
    return { kind: 'invalid', reason };
  }
  let result: Upcast = { kind: 'upcast', event };
  for (const step of EVENT_CONTRACTS.get(eventType)?.upcasters.slice(schemaVersion - 1) ?? []) {
    if (result.kind === 'upcast') result = step.upcast(result.event);
  }
  return result;
}
