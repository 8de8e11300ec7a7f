import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { filesOf } from '../../../local/kept-data.ts';
import { adminToken } from '../../system/azure.ts';
import { startWholeSystem, type WholeSystem } from '../../system/whole-system.ts';
import { overHttp } from '../http.ts';
import { CUSTOMERS, PRICE, PRODUCTS } from '../order.ts';
import type { Counts, CpuTime, Peer } from '../peer.ts';

/** So much stock and credit that no order is rejected. */
export const STOCK = 1_000_000_000;
export const CREDIT_LIMIT = 1_000_000_000;

/** The whole system as `npm start` runs it. */
export const wholeSystem: Peer = {
  name: 'This project, the whole system',
  start: async (folder) => {
    const data = join(folder, 'data');
    const system = await startWholeSystem({ data });
    try {
      const { url } = system;
      const headers = await adminHeaders(data);
      await fillShop(url, headers);
      return {
        ...overHttp({ url, headers }),
        count: () => countAll(url, headers, filesOf(data).writeStore),
        cpu: () => cpuTimeOf(system.cpuMs()),
        stop: system.stop,
      };
    } catch (error) {
      await system.stop();
      throw error;
    }
  },
};

function cpuTimeOf(cpuMs: ReturnType<WholeSystem['cpuMs']>): CpuTime {
  const all = [...cpuMs.values()].reduce((sum, ms) => sum + ms, 0);
  return { all: all / 1_000, standIns: (all - (cpuMs.get('apps') ?? 0)) / 1_000 };
}

type Headers = Readonly<Record<string, string>>;

/**
 * The request headers of an admin.
 * @param data the folder with the key of the development issuer
 */
export async function adminHeaders(data: string): Promise<Headers> {
  return { authorization: `Bearer ${await adminToken(data)}` };
}

/**
 * Adds the customers and products that the orders refer to.
 * @throws {Error} when a request is rejected
 */
export async function fillShop(url: string, headers: Headers): Promise<void> {
  const post = async (path: string, body: object) => {
    const response = await fetch(`${url}/api/${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.status !== 202) throw new Error(`POST ${path} was answered with ${await response.text()}`);
  };
  for (const customerId of CUSTOMERS) {
    await post('customers', { customerId, name: 'Ada Lovelace', email: 'ada@example.com', creditLimit: CREDIT_LIMIT });
  }
  for (const productId of PRODUCTS) {
    await post('products', { productId, name: `Desk lamp ${productId}`, price: PRICE, stock: STOCK });
  }
}

/** Counts the orders in the write store, and those in all read models. On a busy machine, some requests for the lag fail: they count as 0. */
async function countAll(url: string, headers: Headers, writeStore: string): Promise<Counts> {
  const stored = countStored(writeStore);
  const response = await fetch(`${url}/api/admin/lag`, { headers });
  if (response.status !== 200) return { stored, projected: 0 };
  const { items }: { readonly items: readonly { readonly behind: number }[] } = JSON.parse(await response.text());
  return { stored, projected: stored - Math.max(0, ...items.map(({ behind }) => behind)) };
}

/** Counts the orders in a SQLite write store. */
export function countStored(writeStore: string): number {
  const database = new DatabaseSync(writeStore, { readOnly: true });
  try {
    return Number(database.prepare('SELECT count(*) AS found FROM Orders').get()?.found);
  } finally {
    database.close();
  }
}
