import { join } from 'node:path';
import { envelopeOf } from '../../../test/support/commands/command-bus.ts';
import { testMasterKey } from '../../../test/support/events/personal-data.ts';
import { cpuMsSince } from '../../measuring/drive.ts';
import { openCommandLayers } from '../../system/command-layers.ts';
import { CLOUD_LATENCY } from '../../measuring/cloud-latency.ts';
import { load } from '../load.ts';
import { CUSTOMERS, PRICE, PRODUCTS } from '../order.ts';
import type { Peer } from '../peer.ts';
import { openDelayedWriteStore } from '../../system/delayed-write-store.ts';
import { CREDIT_LIMIT, countStored, STOCK } from './system.ts';

/** Nothing is published, so nothing connects to it. */
const NO_HUB = 'Endpoint=sb://localhost;SharedAccessKeyName=a;SharedAccessKey=a;UseDevelopmentEmulator=true';

/** The two calls that a command makes to the write store, and nothing else. They are made in the process of the load generator. */
export const storeCalls: Peer = {
  name: 'The two store calls alone',
  start: async (folder) => {
    const file = join(folder, 'orders.db');
    const store = await openDelayedWriteStore(file, CLOUD_LATENCY.sqlMs);
    const layers = openCommandLayers(store, testMasterKey, NO_HUB);
    const add = (type: string, data: object) => layers.bus.dispatch(envelopeOf({ type, data }));
    for (const customerId of CUSTOMERS) {
      await add('RegisterCustomer', { customerId, name: 'Ada', email: 'ada@example.com', creditLimit: CREDIT_LIMIT });
    }
    for (const productId of PRODUCTS) {
      await add('AddProduct', { productId, name: `Desk lamp ${productId}`, price: PRICE, stock: STOCK });
    }
    let cpuMs = 0; // excludes the preparation of the calls
    return {
      place: async (orders, atOnce) => {
        const calls = await layers.callsOf(orders);
        const before = process.cpuUsage();
        const result = await load(calls, atOnce, async (call) => {
          await layers.call(call);
          return true;
        });
        cpuMs += cpuMsSince(before);
        return result;
      },
      count: async () => {
        const stored = countStored(file);
        return { stored, projected: stored };
      },
      cpu: () => ({ all: cpuMs / 1_000, standIns: 0 }),
      stop: async () => {
        await layers.close();
        await store.close();
      },
    };
  },
};
