import type { KeyObject } from 'node:crypto';
import { CONTAINERS, pathsOf } from '../src/shared/read-models/containers.ts';
import { accountKey, signatureOf } from './cosmos-db/authorization.ts';

/** The database of the read models. */
export const READ_DATABASE = 'orders';

/** Where the stand-in for Cosmos DB is, and the parts of its connection string. */
interface Account {
  readonly endpoint: string;
  readonly key: KeyObject;
}

/**
 * Creates the database and the containers of the read models in the stand-in for Cosmos DB, unless they exist: with the partition key and
 * the time to live of the template in `infra`, without its indexes. It sends plain requests, because loading the SDK takes longer than all
 * of them.
 * @param replaced names of containers that are deleted first
 * @throws {Error} when the stand-in refuses a request
 */
export async function createContainers(connectionString: string, replaced: readonly string[] = []): Promise<void> {
  const account = parse(connectionString);
  await send(account, 'POST', ['dbs'], { id: READ_DATABASE });
  const containers = ['dbs', READ_DATABASE, 'colls'];
  await Promise.all(
    CONTAINERS.map(async (container) => {
      const { name, defaultTtl } = container;
      if (replaced.includes(name)) await send(account, 'DELETE', [...containers, name]);
      await send(account, 'POST', containers, { id: name, partitionKey: { paths: pathsOf(container) }, defaultTtl });
    }),
  );
}

function parse(connectionString: string): Account {
  const [, endpoint = '', key = ''] = /^AccountEndpoint=(.+?);AccountKey=(.+?);/.exec(connectionString) ?? [];
  return { endpoint, key: accountKey(key) };
}

/** Statuses that are no errors: the resource exists already, or there is nothing to delete. */
const EXPECTED = new Map([
  ['POST', 409],
  ['DELETE', 404],
]);

/** @param path of a resource to delete, or of the collection that gets a new one */
async function send(
  account: Account,
  method: 'POST' | 'DELETE',
  path: readonly string[],
  body?: object,
): Promise<void> {
  const date = new Date().toUTCString();
  const signature = signatureOf({ method, path, date }, account.key);
  const response = await fetch(new URL(path.join('/'), account.endpoint), {
    method,
    headers: {
      authorization: encodeURIComponent(`type=master&ver=1.0&sig=${signature}`),
      'x-ms-date': date,
      'x-ms-version': '2020-07-15',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = await response.text();
  if (!response.ok && response.status !== EXPECTED.get(method))
    throw new Error(`${method} ${path.join('/')}: ${answer}`);
}
