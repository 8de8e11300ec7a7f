import { runtime } from '../app.ts';
import type { EventLog } from './event-log.ts';
import { openEventLog } from './open-event-log.ts';

/** The event log of the app's write database. Throws when that cannot be reached. */
export async function currentEventLog(): Promise<EventLog> {
  return openEventLog(await runtime().writeDatabase());
}
