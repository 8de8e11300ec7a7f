/** `npm start`: the whole system on one machine. */
import { loadStorage, withStorage } from './load-storage.ts';
import { FUNCTIONS_OPTIONS_HELP, OPTIONS_HELP } from './options.ts';
import { runUntilStopped } from './run-until-stopped.ts';

const HELP = `Runs the whole system on this machine: the functions, and stand-ins for Event Hubs, Cosmos DB, Web PubSub and Storage.

  npm start [-- options]

${OPTIONS_HELP}
${FUNCTIONS_OPTIONS_HELP}

If SQL_CONNECTION_STRING names a SQL server, the orders are kept there, and nothing is seeded. If SEARCH_ENDPOINT is an address of this
machine, such as http://localhost:8083, lists are searched in a stand-in for Azure AI Search, which then listens there.`;

/** Printed immediately: loading the services takes a second or two. */
const STARTING = 'Starting the functions and the stand-ins for Azure …';

await runUntilStopped(
  HELP,
  async (options, stopping) => {
    console.log(STARTING);
    const storage = loadStorage(options.ports, options.data);
    return withStorage(storage, async () => {
      // Loaded only now, so that the help and the refusal of a folder do not wait for it.
      const { startLocalSystem } = await import('./local-system.ts');
      return startLocalSystem(options, storage, stopping);
    });
  },
  { runsFunctions: true },
);
