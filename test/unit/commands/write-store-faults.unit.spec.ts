import { describe, expect, it } from 'vitest';
import type { HandleDependencies } from '../../../src/commands/pipeline/handle-command.ts';
import { UnstorableValue } from '../../../src/commands/write-store/write-store.ts';
import { envelopeOf, openCommandBus } from '../../support/commands/command-bus.ts';

const CUSTOMER = { customerId: 'c1', name: 'Ada', email: 'ada@example.com', creditLimit: 1 };

/** Sends a command to a store whose commits fail with an error. */
async function rejectionAfter(error: Error): Promise<unknown> {
  const store: HandleDependencies['store'] = {
    load: async () => ({ products: [], syncLags: [] }),
    commit: () => Promise.reject(error),
  };
  const envelope = envelopeOf({ type: 'RegisterCustomer', data: CUSTOMER });
  return openCommandBus(store)
    .dispatch(envelope)
    .catch((rejection: unknown) => rejection);
}

describe('a commit that fails', () => {
  it('asks the client to retry after a fault', async () => {
    expect(await rejectionAfter(new Error('Connection lost'))).toMatchObject({ code: 'unavailable', retryAfter: 2 });
  });

  it('does not ask the client to retry when a value cannot be stored', async () => {
    const unstorable = new UnstorableValue(new Error('String or binary data would be truncated.'));
    expect(await rejectionAfter(unstorable)).toBe(unstorable);
  });
});
