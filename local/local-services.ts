/** What `npm start` and `npm run azure` have in common: the stand-ins on a data folder that outlives them, with something in it. */
import { createCommandsApp } from '../src/commands/app.ts';
import { relayOutbox } from '../src/commands/outbox/relay.ts';
import { commandsConfig } from '../src/shared/config.ts';
import { readSettings } from './functions-host/settings.ts';
import { checkKeptData } from './kept-data.ts';
import { type LocalAzure, type LocalAzurePorts, startLocalAzure } from './local-azure.ts';
import { SEED_COMMANDS, seed } from './seed.ts';

/** Everything that is not published is sent, at once: no other relay runs yet, or it has taken what it sends. */
const RELAY = { owner: 'local-start', leaseMs: 30_000, olderThanMs: 0, batchSize: 500 };

export interface LocalServices {
  readonly azure: LocalAzure;
  /** Events that were sent through the hub again, since the read models lack them. */
  readonly rebuilding: number;
}

/**
 * Starts the stand-ins on what the folder has, and puts a few customers and products into its write store.
 * @param keptElsewhere the write store is not in the folder: nothing of it can be compared, rebuilt or seeded
 * @throws when a stand-in cannot start
 */
export async function startLocalServices(
  ports: LocalAzurePorts,
  data: string,
  { keptElsewhere = false }: { readonly keptElsewhere?: boolean } = {},
): Promise<LocalServices> {
  const rebuilding = keptElsewhere ? 0 : await checkKeptData(data);
  const azure = await startLocalAzure(ports, data, { keep: true });
  try {
    if (!keptElsewhere) await fillWriteStore({ ...(await appSettings()), ...azure.settings });
    return { azure, rebuilding };
  } catch (error) {
    await azure.close();
    throw error;
  }
}

/**
 * Seeds the write store and sends what its outbox holds, as the command app would, but in this process: it needs no functions,
 * and they find everything in the hub when they start.
 */
async function fillWriteStore(settings: Readonly<Record<string, string>>): Promise<void> {
  const app = createCommandsApp(commandsConfig(settings), SEED_COMMANDS);
  try {
    const { bus, store, publisher } = await app.services();
    await seed(bus);
    await relayOutbox(store, publisher, RELAY);
  } finally {
    await app.close();
  }
}

/** The settings that `func start` would have: local.settings.json, under the environment. */
export async function appSettings(): Promise<Readonly<Record<string, string>>> {
  return (await readSettings('.', undefined)).environment;
}
