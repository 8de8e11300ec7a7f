import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/functions.ts';
import { createCommandBus } from '../../src/commands/pipeline/command-bus.ts';
import { openSqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { envelopeOf, SETTINGS, type SentCommand } from '../support/commands/command-bus.ts';
import { ADDRESS } from '../support/commands/commits.ts';
import { type Tables, tablesOf } from '../support/commands/tables.ts';
import { testMasterKey } from '../support/events/personal-data.ts';
import { simulatedRuntime } from '../support/simulated-runtime.ts';

const ITEMS = [{ productId: 'lamp', quantity: 2 }];
const SENT: readonly SentCommand[] = [
  { type: 'RegisterCustomer', data: { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 100 } },
  { type: 'AddProduct', data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 10 } },
  { type: 'PlaceOrder', data: { customerId: 'ada', items: ITEMS, shippingAddress: ADDRESS } },
];

/** Sends the commands one hour apart and returns what is stored: events, ciphertexts, keys and times included. */
async function storedBy(seed: number): Promise<Tables> {
  const runtime = simulatedRuntime({ seed });
  const folder = await mkdtemp(join(tmpdir(), 'runs-'));
  const file = join(folder, 'orders.db');
  const store = await openSqliteWriteStore(file, runtime);
  try {
    const dependencies = { store, publish: () => {}, masterKey: testMasterKey, settings: SETTINGS, runtime };
    const bus = createCommandBus(commands, dependencies, []);
    for (const command of SENT) {
      const at = new Date(runtime.now()).toISOString();
      const sent = envelopeOf({ ...command, at, commandId: runtime.newId() });
      await bus.dispatch({ ...sent, newAggregateId: runtime.newId() });
      await runtime.pass(3_600_000);
    }
    return await tablesOf(file);
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

describe('the write side under a simulated clock and a seed', () => {
  it('stores the same in every run', async () => {
    expect(await storedBy(1)).toEqual(await storedBy(1));
  });

  it('stores other ids with another seed', async () => {
    const [one, other] = [await storedBy(1), await storedBy(2)];
    expect(one.Orders[0]?.OrderId).not.toBe(other.Orders[0]?.OrderId);
  });

  it('records each event at the time of the clock', async () => {
    const times = (await storedBy(1)).Events.map(({ RecordedAt }) => Number(RecordedAt)).toSorted();
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 3_600_000, 7_200_000]);
  });
});
