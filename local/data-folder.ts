import { mkdir } from 'node:fs/promises';
import { isBusy } from '../src/shared/write-database/sqlite/sqlite-errors.ts';

/**
 * Claims a data folder for this process, until it ends or releases it: two systems on one write store would take each other's
 * events out of the outbox. The claim is a lock of SQLite on a file, which the operating system drops with a process that is killed.
 * @returns releases the folder
 * @throws when another process has it
 */
export async function claimDataFolder(folder: string): Promise<() => void> {
  await mkdir(folder, { recursive: true });
  const { DatabaseSync } = await import('node:sqlite');
  const lock = new DatabaseSync(`${folder}/running.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new Error(
      `Another system runs on the folder ${folder}: stop that one, or give this one its own with --data.`,
    );
  }
  return () => lock.close();
}
