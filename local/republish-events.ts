import { existsSync } from 'node:fs';
import { openDatabase } from '../src/shared/write-database/sqlite/database.ts';

/**
 * Marks every event of a write store as not published, so that the outbox relay sends the whole log again: the hub and the read
 * models of this machine are in memory, and gone since the last run. Returns how many events there are.
 */
export async function republishEvents(file: string): Promise<number> {
  if (!existsSync(file)) return 0;
  const { database } = await openDatabase(file);
  const { changes } = database.prepare('UPDATE Events SET PublishedAt = NULL, ClaimedUntil = NULL').run();
  database.close();
  return Number(changes);
}
