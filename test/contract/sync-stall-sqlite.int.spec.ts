import { describe } from 'vitest';
import { sqliteFixture } from './sqlite-fixture.ts';
import { syncStallContract } from './sync-stall-contract.ts';

describe('SyncStalls on SQLite', () => {
  syncStallContract(sqliteFixture);
});
