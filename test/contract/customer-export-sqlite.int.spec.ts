import { describe } from 'vitest';
import { customerExportContract } from './customer-export-contract.ts';
import { sqliteFixture } from './sqlite-fixture.ts';

describe('The export of a customer from SQLite', () => {
  customerExportContract(sqliteFixture);
});
