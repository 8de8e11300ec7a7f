import { describe } from 'vitest';
import { sqlServer, sqlServerFixture, sqlServerTitle } from './sql-server-fixture.ts';
import { webhookRowsContract } from './webhook-rows-contract.ts';

describe.skipIf(!sqlServer)(sqlServerTitle('Webhooks'), () => {
  webhookRowsContract(() => sqlServerFixture(sqlServer ?? ''));
});
