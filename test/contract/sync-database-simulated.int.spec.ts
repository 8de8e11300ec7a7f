import { describe } from 'vitest';
import { customerExportContract } from './customer-export-contract.ts';
import { eventLogContract } from './event-log-contract.ts';
import { readCustomerKeysContract } from './read-customer-keys-contract.ts';
import { simulatedFixture } from './simulated-fixture.ts';
import { syncLagContract } from './sync-lag-contract.ts';
import { syncStallContract } from './sync-stall-contract.ts';
import { webhookRowsContract } from './webhook-rows-contract.ts';

describe('SyncDatabase in the simulation', () => {
  customerExportContract(simulatedFixture);
  eventLogContract(simulatedFixture);
  readCustomerKeysContract(simulatedFixture);
  syncLagContract(simulatedFixture);
  syncStallContract(simulatedFixture);
  webhookRowsContract(simulatedFixture);
});
