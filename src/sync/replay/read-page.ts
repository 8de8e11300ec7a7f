import type { ReplicaReads } from '../../shared/write-database/replica.ts';
import type { EventLog, LogPage } from '../database/sync-database.ts';
import type { Replay } from './replay.ts';

/** Maximum events per page of the log; the replay is saved after each page. */
const PAGE_SIZE = 500;
/** Milliseconds from the start of a replay for which it waits for the replica; then it reads the primary. */
const MAX_WAIT_MS = 120_000;

/** Reads of the log, which the replica may answer. */
export type LogPageReads = ReplicaReads<{ readonly log: Pick<EventLog, 'page'> }>;

/** A page of the log, and which copy of it was read. */
export interface SourcedPage {
  readonly page: LogPage;
  readonly source: 'replica' | 'primary';
}

/**
 * Reads the next page of the log from a copy that has everything that the primary had when the replay started: the replica, as soon as it
 * has the beat of the start, or the primary, if the replica is away or is still behind two minutes after the start. Returns `waiting`
 * until then. Rejects with the faults of the primary.
 * @param now milliseconds since 1970
 */
export async function readPage(
  { cursor, from, beat, startedAt }: Replay,
  reads: LogPageReads,
  now: number,
): Promise<SourcedPage | 'waiting'> {
  const request = { after: cursor ?? undefined, from: from ?? undefined, limit: PAGE_SIZE };
  const read = ({ log }: { readonly log: Pick<EventLog, 'page'> }) => log.page(request);
  if (beat !== undefined) {
    const found = await reads.readReplica(read, (_, heartbeat) => heartbeat.beat >= beat);
    if (typeof found !== 'string') return { page: found.answer, source: 'replica' };
    if (found === 'behind' && now < Date.parse(startedAt) + MAX_WAIT_MS) return 'waiting';
  }
  return { page: (await reads.readPrimary(read)).answer, source: 'primary' };
}
