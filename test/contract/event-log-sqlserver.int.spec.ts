import { describe } from 'vitest';
import { eventLogContract, logReplicaContract } from './event-log-contract.ts';
import { sqlServer, sqlServerFixture, sqlServerTitle } from './sql-server-fixture.ts';

describe.skipIf(!sqlServer)(sqlServerTitle('EventLog'), () => {
  eventLogContract(() => sqlServerFixture(sqlServer ?? ''));
  logReplicaContract(() => sqlServerFixture(sqlServer ?? ''));
});
