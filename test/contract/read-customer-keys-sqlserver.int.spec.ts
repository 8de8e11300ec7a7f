import { describe } from 'vitest';
import { readCustomerKeysContract } from './read-customer-keys-contract.ts';
import { sqlServer, sqlServerFixture, sqlServerTitle } from './sql-server-fixture.ts';

describe.skipIf(!sqlServer)(sqlServerTitle('SyncDatabase'), () => {
  readCustomerKeysContract(() => sqlServerFixture(sqlServer ?? ''));
});
