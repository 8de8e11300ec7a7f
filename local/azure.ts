/** `npm run azure`: the stand-ins for Azure alone, for use with the real `func start`. */
import type { LoadedAzurite } from './azurite.ts';
import { changedSettings } from './changed-settings.ts';
import { requireFreePorts } from './free-ports.ts';
import { loadStorage, withStorage } from './load-storage.ts';
import { type LocalOptions, OPTIONS_HELP } from './options.ts';
import { type RunningProgram, runUntilStopped } from './run-until-stopped.ts';
import { searchPortOf } from './search-port.ts';
import { writeServer } from './write-server.ts';

const HELP = `Runs stand-ins for Azure's services on this machine, without the functions. Start those with "func start".

  npm run azure [-- options]

${OPTIONS_HELP}`;

await runUntilStopped(HELP, async (options, signal) => {
  const storage = loadStorage(options.ports, options.data);
  return withStorage(storage, () => startServices(options, storage, signal));
});

async function startServices(
  { ports: { functions, ...ports }, data }: LocalOptions,
  storage: LoadedAzurite,
  signal: AbortSignal,
): Promise<RunningProgram> {
  // Loaded only now, so that the help and the refusal of a folder do not wait for it.
  const { appSettings, startLocalServices } = await import('./local-services.ts');
  const settings = await appSettings();
  const searchPort = searchPortOf(settings);
  await requireFreePorts({ ...ports, search: searchPort });
  const keptElsewhere = writeServer(settings) !== undefined;
  const azure = await startLocalServices(ports, data, { keptElsewhere, searchPort, storage, signal });
  azure.tokens.allowPage(functions);
  const { SQL_CONNECTION_STRING: embedded, ...others } = azure.settings;
  const needed = keptElsewhere ? others : azure.settings;
  console.log(`Event Hubs   amqp://localhost:${azure.eventHubs.port}
Cosmos DB    ${azure.cosmosDb.endpoint}
Web PubSub   ${azure.webPubSub.endpoint}${azure.aiSearch === undefined ? '' : `\nAI Search    ${azure.aiSearch.endpoint}`}
Storage      http://127.0.0.1:${azure.storage.blobPort} (blobs), ${azure.storage.queuePort} (queues), ${azure.storage.tablePort} (tables)
Write store  ${keptElsewhere ? 'the one in SQL_CONNECTION_STRING; nothing was seeded' : embedded}

Ready. Build with "npm run build", then run this in another terminal:

${[...changedSettings(settings, needed), `func start${functions === 7071 ? '' : ` --port ${functions}`}`].join('\n')}

Ctrl-C stops it. All data stays in its folder until the next start.`);
  return { stop: azure.close };
}
