/** What `npm start` and `npm run azure` have in common: stand-ins that keep their data in a folder, and a seeded write store. */
import { createCommandsApp } from '../src/commands/app.ts';
import { relayOutbox } from '../src/commands/outbox/relay.ts';
import { commandsConfig } from '../src/shared/config.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { readSettings } from './functions-host/settings.ts';
import { checkKeptData } from './kept-data.ts';
import { type LocalAzure, type LocalAzurePorts, startLocalAzure } from './local-azure.ts';
import { SEED_COMMANDS, seed } from './seed.ts';

/** Relays everything that is not published, whatever its age. */
const RELAY = { owner: 'local-start', leaseMs: 30_000, olderThanMs: 0, batchSize: 500, warn: console.warn };

export interface LocalServices {
  readonly azure: LocalAzure;
  /** Number of events that were published again to rebuild the read models. */
  readonly rebuilding: number;
}

/**
 * Starts the stand-ins on a data folder, seeds the write store, and publishes what is in its outbox.
 * @param keptElsewhere if the write store is not in the folder, nothing is compared with it, seeded or published
 * @throws if a stand-in cannot start
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

/** Does in this process what the command app would do, so that no functions have to run yet. */
async function fillWriteStore(settings: Readonly<Record<string, string>>): Promise<void> {
  const app = createCommandsApp(commandsConfig(settings), SEED_COMMANDS, systemRuntime);
  try {
    const { bus, store, publisher } = await app.services();
    await seed(bus);
    await relayOutbox(store, publisher, RELAY, systemRuntime);
  } finally {
    await app.close();
  }
}

/** The settings that `func start` would use: the environment, then local.settings.json. */
export async function appSettings(): Promise<Readonly<Record<string, string>>> {
  return (await readSettings('.', undefined)).environment;
}
