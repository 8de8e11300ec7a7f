import { describe } from 'vitest';
import { keptReleases } from '../support/releases/kept-releases.ts';
import { sqlServer, sqlServerTitle } from './sql-server-fixture.ts';

const releases = await keptReleases();

describe.skipIf(!sqlServer)(sqlServerTitle('Earlier releases'), () => {
  describe.each(releases)("release $version on today's schema and procedures", ({ suites }) => {
    const create = () => suites.sqlServerFixture(sqlServer ?? '');
    suites.writeStoreContract(create);
    suites.commandBusContract(create);
    suites.eventLogContract(create);
    suites.readCustomerKeysContract(create);
    suites.syncLagContract(create);
    suites.syncStallContract(create);
  });
});
