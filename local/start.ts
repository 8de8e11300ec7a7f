/** `npm start`: the whole system on one machine. */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { awaitReadModels } from './await-read-models.ts';
import { requireFreePorts } from './free-ports.ts';
import { spawnFunctionsHost } from './functions-host/spawn.ts';
import { filesOf } from './kept-data.ts';
import type { LocalAzure } from './local-azure.ts';
import { appSettings, startLocalServices } from './local-services.ts';
import { OPTIONS_HELP } from './options.ts';
import { runUntilStopped } from './run-until-stopped.ts';
import { dropStaleClaims } from './stale-claims.ts';
import { requireWriteServer, writeServer } from './write-server.ts';

const HELP = `Runs the whole system on this machine: the functions, and stand-ins for Event Hubs, Cosmos DB, Web PubSub and Storage.

  npm start [-- options]

${OPTIONS_HELP}

If SQL_CONNECTION_STRING names a SQL server, the orders are kept there, and nothing is seeded.`;

const DAY_SECONDS = 86_400;
/** Longer than any start takes. */
const STARTING_SECONDS = 600;

await runUntilStopped(HELP, async ({ ports, data }) => {
  await requireFreePorts(ports);
  const settings = await appSettings();
  const server = writeServer(settings);
  if (server !== undefined) await requireWriteServer(server, settings);
  const keptElsewhere = server !== undefined;
  const { azure } = await startLocalServices(ports, data, { keptElsewhere });
  const { writeStore } = filesOf(data);
  try {
    await dropStaleClaims(azure.storage.connectionString);
    const host = await spawnFunctionsHost({
      root: resolve('.'),
      port: ports.functions,
      env: { ...azure.settings, ...(server !== undefined && { SQL_CONNECTION_STRING: server }) },
      onOutput: (text) => process.stdout.write(text),
    });
    azure.tokens.allowPage(host.port);
    try {
      const apiUrl = `http://localhost:${host.port}/api`;
      if (keptElsewhere) console.log(await firstSteps(apiUrl, azure));
      else {
        const adminToken = await azure.issuer.sign({ roles: ['admin'], lifetime: STARTING_SECONDS });
        await awaitReadModels({ writeStore, apiUrl, adminToken }, console.log);
        console.log(await tour(apiUrl, azure));
      }
    } catch (error) {
      await host.stop();
      throw error;
    }
    return {
      failed: host.ended.then(() => Promise.reject(new Error('The functions host stopped unexpectedly.'))),
      stop: async () => {
        await host.stop();
        await azure.close();
      },
    };
  } catch (error) {
    await azure.close();
    throw error;
  }
});

/** What to try first, ready to paste. */
async function tour(apiUrl: string, { issuer }: LocalAzure): Promise<string> {
  const token = await issuer.sign({ roles: ['customer'], customerId: 'c1', lifetime: DAY_SECONDS });
  const orderId = randomUUID();
  return `
Ready. Place an order as customer c1, and read it:

TOKEN=${token}
curl -i ${apiUrl}/orders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -H 'Idempotency-Key: ${orderId}' -d '{"orderId":"${orderId}","customerId":"c1","items":[{"productId":"p1","quantity":2}],"shippingAddress":{"street":"12 St James Square","city":"London","state":"LND","zip":"SW1Y 4JH"}}'
curl -i "${apiUrl}/orders/${orderId}?minVersion=1&include=history" -H "Authorization: Bearer $TOKEN"

Ctrl-C stops it. All data stays in its folder until the next start.`;
}

/** What to try first when the orders are kept on a server, which may have any customers and products. */
async function firstSteps(apiUrl: string, { issuer }: LocalAzure): Promise<string> {
  const token = await issuer.sign({ roles: ['admin'], lifetime: DAY_SECONDS });
  return `
Ready. The orders are kept where SQL_CONNECTION_STRING says; nothing was seeded. List its orders as an admin:

TOKEN=${token}
curl -i ${apiUrl}/orders -H "Authorization: Bearer $TOKEN"

If the read models lack older orders, "npm run replay" rebuilds them. Ctrl-C stops it.`;
}
