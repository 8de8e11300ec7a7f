import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { explainFault, StartFault } from '../../../local/start-fault.ts';

/** What a function throws. */
function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fault-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const explained = (run: () => unknown) => explainFault(errorOf(run), '.data');

const NOT_WRITABLE =
  'The folder .data cannot be written: give this user the right to write to it and its files, or choose another folder with --data.';
const FULL = 'The disk that holds the folder .data is full: free some space, then start again.';

describe('the explanation of a fault of the data folder', () => {
  it.skipIf(process.platform !== 'linux')('says that the disk is full when a file cannot be written', () => {
    expect(explained(() => writeFileSync('/dev/full', 'x'))).toBe(FULL);
  });

  it('says that the disk is full when a database cannot grow', () => {
    const database = new DatabaseSync(':memory:');
    database.exec('PRAGMA max_page_count = 2; CREATE TABLE Full (Bytes)');
    expect(explained(() => database.exec('INSERT INTO Full VALUES (zeroblob(100000))'))).toBe(FULL);
  });

  it('names the rights that are missing when a database is read-only', () => {
    const path = join(scratchFolder(), 'orders.db');
    new DatabaseSync(path).close();
    const database = new DatabaseSync(path, { readOnly: true });
    expect(explained(() => database.exec('CREATE TABLE ReadOnly (Id)'))).toBe(NOT_WRITABLE);
    database.close();
  });

  it('names the rights that are missing when a database cannot be created', () => {
    const database = () => new DatabaseSync(join(scratchFolder(), 'missing', 'orders.db'));
    expect(explained(database)).toBe(NOT_WRITABLE);
  });

  it('says that a file is not a folder', () => {
    const path = join(scratchFolder(), 'file');
    writeFileSync(path, '');
    expect(explained(() => mkdirSync(path))).toBe('.data is not a folder: choose another one with --data.');
  });

  it('says that a database is damaged', () => {
    const path = join(scratchFolder(), 'orders.db');
    writeFileSync(path, 'no database, whatever its name says');
    expect(explained(() => new DatabaseSync(path).exec('PRAGMA journal_mode = WAL'))).toBe(
      'A database in the folder .data is damaged: restore the folder from a backup, or remove it to start from nothing.',
    );
  });

  it('is found in the cause of an error', () => {
    const cause = errorOf(() => new DatabaseSync(join(scratchFolder(), 'missing', 'orders.db')));
    expect(explainFault(new Error('Seeding failed.', { cause }), '.data')).toBe(NOT_WRITABLE);
  });

  it('is the message of a fault that already has a way out', () => {
    expect(explainFault(new StartFault('Remove the file.'), '.data')).toBe('Remove the file.');
  });

  it('does not exist for a port that cannot be opened', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const second = createServer().listen(server.address());
    const [error] = await once(second, 'error');
    expect(explainFault(error, '.data')).toBeUndefined();
  });

  it.each([new Error('a defect'), 'text', undefined])('does not exist for %s', (error) => {
    expect(explainFault(error, '.data')).toBeUndefined();
  });
});
