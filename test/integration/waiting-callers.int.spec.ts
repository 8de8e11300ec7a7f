import { HttpRequest, InvocationContext } from '@azure/functions';
import { expect, it, onTestFinished } from 'vitest';
import { startCosmosDb } from '../../local/cosmos-db/server.ts';
import { createContainers } from '../../local/read-database.ts';
import local from '../../local.settings.json' with { type: 'json' };
import { createQueriesApp } from '../../src/queries/app.ts';
import { getOrder } from '../../src/queries/orders/get-order.ts';
import { getOrderChanges } from '../../src/queries/orders/get-order-changes.ts';
import type { Actor } from '../../src/shared/auth/authenticate.ts';
import { queriesConfig } from '../../src/shared/config.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';

const admin: Actor = { userId: 'an-admin', roles: new Set(['admin']), customerId: undefined };

it.each([
  ['a version', '?minVersion=1', getOrder],
  ['changes', '/changes?after=0', getOrderChanges],
])(
  'a caller with a hundred waits is refused another wait for %s with 429 and Retry-After',
  async (_what, path, functionOf) => {
    const cosmosDb = await startCosmosDb({ port: 0 });
    await createContainers(cosmosDb.connectionString);
    const settings = { ...local.Values, CosmosConnection: cosmosDb.connectionString };
    const queries = createQueriesApp(queriesConfig(settings), systemRuntime);
    onTestFinished(async () => {
      await queries.close();
      await cosmosDb.close();
    });
    const { handler } = functionOf({ ...queries, authenticate: async () => admin });
    const ask = () => {
      const url = `http://localhost/api/orders/order-1${path}`;
      const headers = { authorization: 'Bearer token', prefer: 'wait=1' };
      const request = new HttpRequest({ method: 'GET', url, headers, params: { orderId: 'order-1' } });
      return handler(request, new InvocationContext({ logHandler: () => undefined }));
    };

    const { promise, resolve } = Promise.withResolvers<void>();
    const waits = Array.from({ length: 100 }, () => queries.callerLimits.waiting(admin, () => promise));
    expect(await ask()).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
      body: expect.stringContaining('"throttled"'),
    });
    resolve();
    await Promise.all(waits);
    expect(await ask()).not.toMatchObject({ status: 429 });
  },
);
