/** `npm run azure`: the stand-ins for Azure alone, for use with the real `func start`. */
import { requireFreePorts } from './free-ports.ts';
import { startLocalAzure } from './local-azure.ts';
import { OPTIONS_HELP } from './options.ts';
import { runUntilStopped } from './run-until-stopped.ts';

const HELP = `Runs Azure's services on this machine, without the functions: start those with "func start".

  npm run azure [-- options]

${OPTIONS_HELP}`;

await runUntilStopped(HELP, async ({ ports: { functions: _, ...ports }, data }) => {
  await requireFreePorts(ports);
  const azure = await startLocalAzure(ports, data);
  console.log(`Event Hubs   amqp://localhost:${azure.eventHubs.port}
Cosmos DB    ${azure.cosmosDb.endpoint}
Web PubSub   ${azure.webPubSub.endpoint}
Storage      http://127.0.0.1:${azure.storage.blobPort} (blobs), ${azure.storage.queuePort} (queues), ${azure.storage.tablePort} (tables)
Ready. Build with "npm run build", then run "func start" in another terminal. Ctrl-C ends it.`);
  return { stop: azure.close };
});
