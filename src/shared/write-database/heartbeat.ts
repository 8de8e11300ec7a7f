import * as z from 'zod';
import { integer } from './integer.ts';

/**
 * The heartbeat of a copy of the write database. The sync app advances it on the primary; a replica that has a beat has everything that was
 * committed before it.
 */
export interface Heartbeat {
  /** 1, 2, …; 0 before the first one. */
  readonly beat: number;
  /** When the primary recorded it, ISO 8601 UTC. */
  readonly beatAt: string;
  /** Milliseconds since then: the copy is not older than this. */
  readonly ageMs: number;
}

/** What a copy of the write database has returned. */
export interface Dated {
  /** Read before the rest, which is at least as new. Absent in a copy with an earlier schema. */
  readonly heartbeat?: Heartbeat | undefined;
}

/** The clocks of two servers may differ: an age is never negative. */
const heartbeat = z.object({
  beat: integer,
  beatAt: z.iso.datetime(),
  ageMs: integer.transform((age) => Math.max(0, age)),
});

/** Checks the row of the heartbeat. Returns undefined if there is none: a replica may not have the latest migration yet. */
export function toHeartbeat(rows: unknown): Heartbeat | undefined {
  return z.array(heartbeat).optional().parse(rows)?.at(0);
}
