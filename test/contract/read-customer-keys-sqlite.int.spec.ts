import { describe } from 'vitest';
import { readCustomerKeysContract } from './read-customer-keys-contract.ts';
import { sqliteFixture } from './sqlite-fixture.ts';

describe('SyncDatabase on SQLite', () => {
  readCustomerKeysContract(sqliteFixture);
});
