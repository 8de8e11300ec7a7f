import { describe } from 'vitest';
import { commandBusContract } from './command-bus-contract.ts';
import { sqlServer, sqlServerFixture, sqlServerTitle } from './sql-server-fixture.ts';

describe.skipIf(!sqlServer)(sqlServerTitle('Commands'), () => {
  commandBusContract(() => sqlServerFixture(sqlServer ?? ''));
});
