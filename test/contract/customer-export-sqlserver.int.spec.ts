import { describe } from 'vitest';
import { customerExportContract } from './customer-export-contract.ts';
import { sqlServer, sqlServerFixture, sqlServerTitle } from './sql-server-fixture.ts';

describe.skipIf(!sqlServer)(sqlServerTitle('The export of a customer'), () => {
  customerExportContract(() => sqlServerFixture(sqlServer ?? ''));
});
