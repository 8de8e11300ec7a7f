import { describe } from 'vitest';
import { sqlServer, sqlServerFixture, sqlServerTitle } from './sql-server-fixture.ts';
import { syncLagContract } from './sync-lag-contract.ts';

describe.skipIf(!sqlServer)(sqlServerTitle('SyncLag'), () => {
  syncLagContract(() => sqlServerFixture(sqlServer ?? ''));
});
