import { describe } from 'vitest';
import { sqlServer, sqlServerFixture, sqlServerTitle } from './sql-server-fixture.ts';
import { syncStallContract } from './sync-stall-contract.ts';

describe.skipIf(!sqlServer)(sqlServerTitle('SyncStalls'), () => {
  syncStallContract(() => sqlServerFixture(sqlServer ?? ''));
});
