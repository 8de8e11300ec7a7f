/** The command app with the stand-ins for Azure. Argument: settings as JSON. */
import { spawnFunctionsHost } from '../../../local/functions-host/spawn.ts';
import { startLocalAzure } from '../../../local/local-azure.ts';
import { bundleApp } from '../../../scripts/bundle/bundle.ts';
import { delayServices } from '../delayed-services.ts';
import { reportReady } from '../peer-process.ts';
import type { CommandAppAddress, CommandAppSettings } from './command-app.ts';
import { adminHeaders } from './system.ts';

const FREE_PORTS = { eventHubs: 0, cosmosDb: 0, webPubSub: 0, blob: 0, queue: 0, table: 0 };
/** For the app with a delayed write store. */
const OUTDIR = 'dist/bench';

const { folder, latency }: CommandAppSettings = JSON.parse(process.argv[2] ?? '{}');
const hasLatency = latency.sqlMs > 0;
if (hasLatency) await bundleApp('commands', 'bench/peers/ours/delayed-commands.ts', OUTDIR);
const azure = await startLocalAzure(FREE_PORTS, folder);
const host = await spawnFunctionsHost({
  root: '.',
  main: `${hasLatency ? OUTDIR : 'dist'}/commands/index.cjs`,
  log: 'json',
  env: {
    ...azure.settings,
    EventHubConnection: await delayServices(azure, latency),
    BENCH_SQL_LATENCY_MS: String(latency.sqlMs),
    AzureFunctionsJobHost__logging__logLevel__default: 'Warning',
  },
});
const address: CommandAppAddress = { url: host.url, headers: await adminHeaders(folder) };
reportReady(JSON.stringify(address), async () => {
  await host.stop();
  await azure.close();
});
