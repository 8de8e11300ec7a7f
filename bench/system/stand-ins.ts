/** Runs the stand-ins for Azure in a process of their own: `node stand-ins.ts <data folder>`. It ends with the process that started it. */
import { startLocalAzure } from '../../local/local-azure.ts';

const [, , folder = '.'] = process.argv;
const ports = { eventHubs: 0, cosmosDb: 0, webPubSub: 0, blob: 0, queue: 0, table: 0 };
const azure = await startLocalAzure(ports, folder);
process.once('disconnect', () => azure.close().finally(() => process.exit()));
process.send?.({
  settings: azure.settings,
  eventHubsPort: azure.eventHubs.port,
});
