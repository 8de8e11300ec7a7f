/** An event that reached the hub this long (ms) after its command was published again, for example to rebuild a read model. */
const PUBLISHED_WITHIN_MS = 60_000;

/** When an event was recorded (ISO 8601 UTC), and when the hub received it. */
export interface EventTimes {
  readonly timestamp: string;
  readonly enqueuedAt: Date;
}

/**
 * Tells whether an event says something about how fast a new event is projected now: it was published soon after its command, and
 * did not wait while no process could project it.
 * @param startedAt when this process started, in milliseconds since 1970
 */
export function isLive({ timestamp, enqueuedAt }: EventTimes, startedAt: number): boolean {
  const enqueued = enqueuedAt.getTime();
  return enqueued >= startedAt && enqueued - Date.parse(timestamp) < PUBLISHED_WITHIN_MS;
}
