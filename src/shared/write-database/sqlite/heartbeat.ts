import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../runtime.ts';
import { type Heartbeat, toHeartbeat } from '../heartbeat.ts';

const READ = `
  SELECT Beat AS beat, strftime('%Y-%m-%dT%H:%M:%fZ', BeatAt / 1000.0, 'unixepoch') AS beatAt, :now - BeatAt AS ageMs
  FROM Heartbeat`;

/** Prepares reading the heartbeat of a database file. */
export function prepareHeartbeat(database: DatabaseSync, { now }: Pick<Clock, 'now'>): () => Heartbeat | undefined {
  const read = database.prepare(READ);
  return () => toHeartbeat(read.all({ now: now() }));
}
