import { prepareCommit } from '../../src/commands/write-store/sqlite/write-commit.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { customerCommit } from '../support/commands/commits.ts';

/** A process of its own on the file: opens it, and when told so writes a commit whose transaction it never ends. */
process.send?.('started');
const { database } = await openDatabase(process.argv[2] ?? '');
process.send?.('open');
process.once('message', () => {
  database.exec('PRAGMA cache_size = 1'); // pages reach the file before the COMMIT, without which they must not count
  database.exec('BEGIN IMMEDIATE');
  prepareCommit(database)(customerCommit({ customerId: 'killed' }));
  process.send?.('written');
});
