import { describe } from 'vitest';
import { sqliteFixture } from './sqlite-fixture.ts';
import { syncLagContract } from './sync-lag-contract.ts';

describe('SyncLag on SQLite', () => {
  syncLagContract(sqliteFixture);
});
