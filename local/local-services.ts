/** What `npm start` and `npm run azure` have in common: stand-ins that keep their data in a folder, and a seeded write store. */
import { createCommandsApp } from '../src/commands/app.ts';
import { LEASE, relayOutbox } from '../src/commands/outbox/relay.ts';
import { commandsConfig } from '../src/shared/config.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import type { LoadedAzurite } from './azurite.ts';
import { readSettings } from './functions-host/settings.ts';
import { type LocalAzure, type LocalAzurePorts, startLocalAzure } from './local-azure.ts';
import { occasionally } from './occasionally.ts';
import { prepareDataFolder } from './prepare-data-folder.ts';
import { SEED_COMMANDS, seed } from './seed.ts';
import { dropCheckpoints } from './stale-claims.ts';

/** Relays everything that is not published, whatever its age. */
const RELAY = { owner: 'local-start', olderThanMs: 0, ...LEASE, warn: console.warn };

const NOTHING_NEW = { newHub: false };

export interface StartOptions {
  /** If the write store is not in the folder, nothing is compared with it, seeded or published. */
  readonly keptElsewhere?: boolean;
  /** See `LocalAzureOptions`. */
  readonly searchPort?: number | undefined;
  /** See `LocalAzureOptions`. */
  readonly storage?: LoadedAzurite;
  /** Aborts a rebuild of the read models. */
  readonly signal?: AbortSignal;
}

/**
 * Rebuilds what is missing in a data folder, starts the stand-ins on it, seeds the write store, and publishes what is in its outbox.
 * @throws if a stand-in cannot start
 */
export async function startLocalServices(
  ports: LocalAzurePorts,
  data: string,
  { keptElsewhere = false, searchPort, storage, signal }: StartOptions = {},
): Promise<LocalAzure> {
  const { newHub } = keptElsewhere ? NOTHING_NEW : await prepareDataFolder(data, { say: console.log, signal });
  const azure = await startLocalAzure(ports, data, { keep: true, searchPort, storage });
  try {
    if (newHub) await dropCheckpoints(azure.storage.connectionString);
    if (!keptElsewhere) await fillWriteStore({ ...(await appSettings()), ...azure.settings });
    return azure;
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
    await relayOutbox(withProgress(store), publisher, RELAY, systemRuntime);
  } finally {
    await app.close();
  }
}

type RelayedOutbox = Parameters<typeof relayOutbox>[0];

/** An outbox that prints every two seconds how many events it has published. */
function withProgress(outbox: RelayedOutbox): RelayedOutbox {
  const say = occasionally(console.log);
  let published = 0;
  return {
    claim: (request) => outbox.claim(request),
    recordRefusals: (request) => outbox.recordRefusals(request),
    markPublished: async (eventIds) => {
      await outbox.markPublished(eventIds);
      published += eventIds.length;
      say(`Published ${published} events that were in the outbox.`);
    },
  };
}

/** The settings that `func start` would use: the environment, then local.settings.json. */
export async function appSettings(): Promise<Readonly<Record<string, string>>> {
  return (await readSettings('.', undefined)).environment;
}
