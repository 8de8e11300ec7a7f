import { describe } from 'vitest';
import { sqlServer, sqlServerFixture, sqlServerTitle } from './sql-server-fixture.ts';
import { writeStoreContract } from './write-store-contract.ts';

describe.skipIf(!sqlServer)(sqlServerTitle('WriteStore'), () => {
  writeStoreContract(() => sqlServerFixture(sqlServer ?? ''));
});
