import { prepareCommit } from '../../src/commands/write-store/sqlite/write-commit.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { customerCommit } from '../support/commands/commits.ts';

/** A separate process that opens the file and, on a message, writes a commit in a transaction that it never ends. */
process.send?.('started');
const { database } = await openDatabase(process.argv[2] ?? '', systemRuntime);
process.send?.('open');
process.once('message', () => {
  database.exec('PRAGMA cache_size = 1'); // pages reach the file before the COMMIT; without one, they must have no effect
  database.exec('BEGIN IMMEDIATE');
  prepareCommit(database, systemRuntime)(customerCommit({ customerId: 'killed' }));
  process.send?.('written');
});
