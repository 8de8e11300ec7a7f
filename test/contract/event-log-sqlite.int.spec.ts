import { describe } from 'vitest';
import { eventLogContract } from './event-log-contract.ts';
import { sqliteFixture } from './sqlite-fixture.ts';

describe('EventLog on SQLite', () => {
  eventLogContract(sqliteFixture);
});
