/** The command app with the stand-ins for Azure. Argument: the folder of its data. */
import { spawnFunctionsHost } from '../../../local/functions-host/spawn.ts';
import { startLocalAzure } from '../../../local/local-azure.ts';
import { runsPeer } from '../peer-process.ts';
import type { CommandsAddress } from './commands-alone.ts';
import { adminHeaders } from './system.ts';

const FREE_PORTS = { eventHubs: 0, cosmosDb: 0, webPubSub: 0, blob: 0, queue: 0, table: 0 };

const [folder = '.'] = process.argv.slice(2);
const azure = await startLocalAzure(FREE_PORTS, folder);
const host = await spawnFunctionsHost({
  root: '.',
  main: 'dist/commands/index.cjs',
  log: 'json',
  env: { ...azure.settings, AzureFunctionsJobHost__logging__logLevel__default: 'Warning' },
});
const address: CommandsAddress = { url: host.url, headers: await adminHeaders(folder) };
runsPeer(JSON.stringify(address), async () => {
  await host.stop();
  await azure.close();
});
