import { describe } from 'vitest';
import { simulatedFixture } from './simulated-fixture.ts';
import { writeStoreContract } from './write-store-contract.ts';

describe('WriteStore in the simulation', () => {
  writeStoreContract(simulatedFixture);
});
