import { describe } from 'vitest';
import { sqliteFixture } from './sqlite-fixture.ts';
import { webhookRowsContract } from './webhook-rows-contract.ts';

describe('Webhooks on SQLite', () => {
  webhookRowsContract(sqliteFixture);
});
