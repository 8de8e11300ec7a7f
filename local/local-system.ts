/** What `npm start` runs: the whole system on one machine. */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { copyFiles } from '../scripts/bundle/files.ts';
import { LOCAL_BUNDLE } from '../scripts/bundle/options.ts';
import { awaitReadModels } from './await-read-models.ts';
import type { LoadedAzurite } from './azurite.ts';
import { bundleFunctions } from './bundles.ts';
import { startConsoleSite } from './console/console-site.ts';
import { requireFreePorts } from './free-ports.ts';
import { startFunctions } from './functions.ts';
import { CHECKPOINT_CONTAINER } from './functions-host/blob-checkpoint-store.ts';
import { formatFunctionList } from './functions-host/function-list.ts';
import { filesOf } from './kept-data.ts';
import type { LocalAzure } from './local-azure.ts';
import { appSettings, startLocalServices } from './local-services.ts';
import type { FunctionsOptions, LocalOptions } from './options.ts';
import { logPrinter } from './print-log.ts';
import { mostBehind } from './read-model-progress.ts';
import type { RunningProgram } from './run-until-stopped.ts';
import { searchPortOf } from './search-port.ts';
import { dropStaleClaims } from './stale-claims.ts';
import { openContainer } from './storage/blob-container.ts';
import { requireWriteServer, writeServer } from './write-server.ts';

const DAY_SECONDS = 86_400;
/** host.json's levels for the functions and for the host, overridden as on Azure. */
const LOG_LEVELS: Readonly<Record<FunctionsOptions['log'], Readonly<Record<string, string>>>> = {
  quiet: { AzureFunctionsJobHost__logging__logLevel__default: 'Warning' },
  normal: {},
  verbose: {
    AzureFunctionsJobHost__logging__logLevel__default: 'Debug',
    AzureFunctionsJobHost__logging__logLevel__Host: 'Information',
  },
};

/**
 * Starts the stand-ins and the functions, and waits until the read models have caught up.
 * @param storage is started once the data folder is prepared
 * @param signal aborts a rebuild of the read models, and the wait for them
 * @throws if a port is in use, a setting is invalid, or a part cannot start
 */
export async function startLocalSystem(
  { ports, data, functions: options }: LocalOptions,
  storage: LoadedAzurite,
  signal: AbortSignal,
): Promise<RunningProgram> {
  const settings = await appSettings();
  const searchPort = searchPortOf(settings);
  await requireFreePorts({ ...ports, search: searchPort });
  const server = writeServer(settings);
  if (server !== undefined) await requireWriteServer(server, settings);
  const keptElsewhere = server !== undefined;
  const bundling = Promise.all([bundleFunctions(LOCAL_BUNDLE), copyFiles(LOCAL_BUNDLE)]);
  bundling.catch(() => undefined); // awaited below, where a failure closes the services
  const azure = await startLocalServices(ports, data, { keptElsewhere, searchPort, storage, signal });
  const site = await startConsoleSite({ tokenPort: azure.tokens.port, webPubSubPort: azure.webPubSub.port });
  const closeServices = async () => {
    await site.close();
    await azure.close();
  };
  try {
    const [bundles] = await bundling;
    await dropStaleClaims(azure.storage.connectionString);
    const functions = await startFunctions(bundles, {
      ...hostOptions(options),
      port: ports.functions,
      pagesPort: site.port,
      env: {
        ...azure.settings,
        ...writeDatabase(server, azure),
        ...LOG_LEVELS[options.log],
      },
    });
    azure.tokens.allowPage(functions.apps.port);
    if (options.log !== 'quiet') process.stdout.write(formatFunctionList(functions.apps.functions));
    try {
      const apiUrl = `http://localhost:${functions.apps.port}/api`;
      if (!keptElsewhere) await Promise.race([caughtUp(data, azure, signal), functions.failed]);
      console.log(await (keptElsewhere ? firstSteps : tour)(apiUrl, azure));
      site.build();
    } catch (error) {
      await functions.stop();
      throw error;
    }
    return {
      failed: functions.failed,
      stop: async () => {
        await functions.stop();
        await closeServices();
      },
    };
  } catch (error) {
    await closeServices();
    throw error;
  }
}

/** The data folder's own file is read as its replica, too, so that the same code runs as in Azure. */
function writeDatabase(server: string | undefined, { settings: { SQL_CONNECTION_STRING: file } }: LocalAzure) {
  if (server !== undefined) return { SQL_CONNECTION_STRING: server };
  return file === undefined ? {} : { SQL_REPLICA_CONNECTION_STRING: file };
}

async function caughtUp(data: string, { eventHubs, storage }: LocalAzure, signal: AbortSignal): Promise<void> {
  const checkpoints = openContainer(storage.connectionString, CHECKPOINT_CONTAINER);
  const { writeStore } = filesOf(data);
  await awaitReadModels({ writeStore, mostBehind: () => mostBehind(eventHubs, checkpoints) }, console.log, signal);
}

function hostOptions({ inspectPort, watch }: FunctionsOptions) {
  return {
    root: resolve('.'),
    log: 'json',
    onOutput: logPrinter(process.stdout),
    watch,
    say: console.log,
    ...(inspectPort !== undefined && { inspectPort }),
  } as const;
}

/** What to try first, ready to paste. */
async function tour(apiUrl: string, { issuer }: LocalAzure): Promise<string> {
  const token = await issuer.sign({ roles: ['customer'], customerId: 'c1', lifetime: DAY_SECONDS });
  const orderId = randomUUID();
  return `
Ready. The console and a shop to try: ${new URL('/', apiUrl)}

Or place an order as customer c1, and read it:

TOKEN=${token}
curl -i ${apiUrl}/orders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -H 'Idempotency-Key: ${orderId}' -d '{"orderId":"${orderId}","customerId":"c1","items":[{"productId":"p1","quantity":2}],"shippingAddress":{"street":"12 St James Square","city":"London","state":"LND","zip":"SW1Y 4JH"}}'
curl -i "${apiUrl}/orders/${orderId}?minVersion=1&include=history" -H "Authorization: Bearer $TOKEN"

Ctrl-C stops it. All data stays in its folder until the next start.`;
}

/** What to try first when the orders are kept on a server, which may have any customers and products. */
async function firstSteps(apiUrl: string, { issuer }: LocalAzure): Promise<string> {
  const token = await issuer.sign({ roles: ['admin'], lifetime: DAY_SECONDS });
  return `
Ready. The console: ${new URL('/', apiUrl)}

The orders are kept where SQL_CONNECTION_STRING says; nothing was seeded. List its orders as an admin:

TOKEN=${token}
curl -i ${apiUrl}/orders -H "Authorization: Bearer $TOKEN"

If the read models lack older orders, "npm run replay" rebuilds them. Ctrl-C stops it.`;
}
