/** What `npm start` and `npm run azure` have in common: stand-ins that keep their data in a folder, and a seeded write store. */
import { createCommandsApp } from '../src/commands/app.ts';
import { relayOutbox } from '../src/commands/outbox/relay.ts';
import { commandsConfig } from '../src/shared/config.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { readSettings } from './functions-host/settings.ts';
import { checkKeptData, filesOf } from './kept-data.ts';
import { type LocalAzure, type LocalAzurePorts, startLocalAzure } from './local-azure.ts';
import { occasionally } from './occasionally.ts';
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
  if (rebuilding > 0) {
    console.log(`Rebuilding the read models from ${rebuilding} events of ${filesOf(data).writeStore}.`);
  }
  const azure = await startLocalAzure(ports, data, { keep: true });
  try {
    if (!keptElsewhere) await fillWriteStore({ ...(await appSettings()), ...azure.settings }, rebuilding);
    return { azure, rebuilding };
  } catch (error) {
    await azure.close();
    throw error;
  }
}

/** Does in this process what the command app would do, so that no functions have to run yet. */
async function fillWriteStore(settings: Readonly<Record<string, string>>, rebuilding: number): Promise<void> {
  const app = createCommandsApp(commandsConfig(settings), SEED_COMMANDS, systemRuntime);
  try {
    const { bus, store, publisher } = await app.services();
    await seed(bus);
    await relayOutbox(withProgress(store, rebuilding), publisher, RELAY, systemRuntime);
  } finally {
    await app.close();
  }
}

type RelayedOutbox = Parameters<typeof relayOutbox>[0];

/** An outbox that prints how many of the events it has published. */
function withProgress(outbox: RelayedOutbox, total: number): RelayedOutbox {
  const say = occasionally(console.log);
  let published = 0;
  return {
    claim: (request) => outbox.claim(request),
    recordRefusals: (request) => outbox.recordRefusals(request),
    markPublished: async (eventIds) => {
      await outbox.markPublished(eventIds);
      published += eventIds.length;
      if (published < total) say(`Published ${published} of ${total} events.`);
    },
  };
}

/** The settings that `func start` would use: the environment, then local.settings.json. */
export async function appSettings(): Promise<Readonly<Record<string, string>>> {
  return (await readSettings('.', undefined)).environment;
}
