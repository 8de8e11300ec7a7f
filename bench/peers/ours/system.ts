import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openDevelopmentIssuer } from '../../../local/development-issuer.ts';
import { filesOf } from '../../../local/kept-data.ts';
import { runNode } from '../../../test/support/system/program.ts';
import { cpuByRole } from '../cpu.ts';
import { overHttp } from '../http.ts';
import { CUSTOMERS, PRICE, PRODUCTS } from '../order.ts';
import type { Counts, Peer } from '../peer.ts';

const PORTS = ['functions', 'event-hubs', 'cosmos-db', 'web-pubsub', 'blob', 'queue', 'table'];
const TOKEN_SECONDS = 86_400;
export const STOCK = 1_000_000_000;
export const CREDIT_LIMIT = 1_000_000_000;

/** The whole system as `npm start` runs it. */
export const wholeSystem: Peer = {
  name: 'This project, the whole system',
  start: async (folder) => {
    const data = join(folder, 'data');
    const ports = PORTS.flatMap((name) => [`--${name}-port`, '0']);
    const program = runNode(['local/start.ts', '--quiet', ...ports, '--data', data]);
    const kill = () => void program.kill();
    process.once('exit', kill);
    const stop = async () => {
      process.off('exit', kill);
      program.interrupt();
      await program.ended();
    };
    try {
      await program.printed('Ready.');
      const url = /http:\/\/localhost:\d+(?=\/api\/orders)/.exec(program.stdout())?.[0] ?? '';
      const headers = await adminHeaders(data);
      await fillShop(url, headers);
      return {
        ...overHttp({ url, headers }),
        count: () => countAll(url, headers, filesOf(data).writeStore),
        cpu: () => cpuByRole(program.pid, (command) => !command.includes('functions-host')),
        stop,
      };
    } catch (error) {
      await stop();
      throw error;
    }
  },
};

type Headers = Readonly<Record<string, string>>;

/** What identifies an admin. @param data the folder with the key of the development issuer */
export async function adminHeaders(data: string): Promise<Headers> {
  const issuer = await openDevelopmentIssuer(join(data, 'development-issuer'));
  return { authorization: `Bearer ${await issuer.sign({ roles: ['admin'], lifetime: TOKEN_SECONDS })}` };
}

/** Adds the customers and products that the orders name. */
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

/** Orders in the write store, and those of them that all read models have. Some readings of the lag fail on a busy machine. */
async function countAll(url: string, headers: Headers, writeStore: string): Promise<Counts> {
  const stored = countStored(writeStore);
  const response = await fetch(`${url}/api/admin/lag`, { headers });
  if (response.status !== 200) return { stored, projected: 0 };
  const { items }: { readonly items: readonly { readonly behind: number }[] } = JSON.parse(await response.text());
  return { stored, projected: stored - Math.max(0, ...items.map(({ behind }) => behind)) };
}

/** Orders in a SQLite file of the commands app. */
export function countStored(writeStore: string): number {
  const database = new DatabaseSync(writeStore, { readOnly: true });
  try {
    return Number(database.prepare('SELECT count(*) AS found FROM Orders').get()?.found);
  } finally {
    database.close();
  }
}
