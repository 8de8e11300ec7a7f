import { describe } from 'vitest';
import { commandBusContract } from './command-bus-contract.ts';
import { sqliteFixture } from './sqlite-fixture.ts';

describe('Commands on SQLite', () => {
  commandBusContract(sqliteFixture);
});
