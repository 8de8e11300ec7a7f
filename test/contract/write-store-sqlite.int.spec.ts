import { describe } from 'vitest';
import { sqliteFixture } from './sqlite-fixture.ts';
import { writeStoreContract } from './write-store-contract.ts';

describe('WriteStore on SQLite', () => {
  writeStoreContract(sqliteFixture);
});
