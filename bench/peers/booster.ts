import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cpuOf } from './cpu.ts';
import { overHttp, type Requests } from './http.ts';
import { installPackages } from './install.ts';
import type { Counts, Peer } from './peer.ts';
import { startProcess } from './peer-process.ts';

const PLACE = 'mutation($input: PlaceOrderInput!) { PlaceOrder(input: $input) }';
const READ = `query($id: ID!) { OrderReadModel(id: $id) {
  id customerId total items { productId quantity price } shippingAddress { street city state zip country }
} }`;

const graphql = (query: string, variables: object) =>
  ({ method: 'POST', path: '/graphql', body: JSON.stringify({ query, variables }) }) as const;

const GRAPHQL: Requests = {
  place: (input) => graphql(PLACE, { input }),
  read: (id) => graphql(READ, { id }),
};

/** Booster's local provider, which it offers for development. Its API is GraphQL. */
export const boosterLocal: Peer = {
  name: 'Booster, local provider',
  start: async (folder) => {
    await installPackages('booster', console.error);
    const server = await startProcess('./booster/server.cjs', [folder]);
    return {
      ...overHttp({ url: server.address }, GRAPHQL),
      count: () => countIn(join(folder, '.booster')),
      cpu: () => ({ all: cpuOf([server.pid]), standIns: 0 }),
      stop: server.stop,
    };
  },
};

/** Counts in its files, to which it appends a line for each change. */
async function countIn(folder: string): Promise<Counts> {
  const events = await linesOf(join(folder, 'events.json'));
  const documents = (await linesOf(join(folder, 'read_models.json'))).flatMap(
    (line) => /"_id":"[^"]+"/.exec(line) ?? [],
  );
  return {
    stored: events.filter((line) => line.includes('"kind":"event"')).length,
    projected: new Set(documents).size,
  };
}

async function linesOf(file: string): Promise<readonly string[]> {
  return existsSync(file) ? (await readFile(file, 'utf8')).split('\n') : [];
}
