import { mkdir } from 'node:fs/promises';
import { isBusy } from '../src/shared/write-database/sqlite/sqlite-errors.ts';

/**
 * Locks a data folder for this process until the process ends or releases it. Two systems on one write store would take events
 * out of each other's outbox. The lock is an SQLite file lock, which the operating system releases when a process is killed.
 * @returns a function that releases the folder.
 * @throws {Error} when another process holds the lock.
 */
export async function lockDataFolder(folder: string): Promise<() => void> {
  await mkdir(folder, { recursive: true });
  const { DatabaseSync } = await import('node:sqlite');
  const lock = new DatabaseSync(`${folder}/running.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new Error(`Another process uses the folder ${folder}. Stop it, or choose another folder with --data.`);
  }
  return () => lock.close();
}
