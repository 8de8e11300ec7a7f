import { describe } from 'vitest';
import { readCustomerKeysContract } from './read-customer-keys-contract.ts';
import { sqliteFixture } from './sqlite-fixture.ts';

describe("Reading customers' keys from SQLite", () => {
  readCustomerKeysContract(sqliteFixture);
});
