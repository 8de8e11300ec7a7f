import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startConsoleSite } from '../../../local/console/console-site.ts';
import {
  type FunctionsHostOptions,
  type FunctionsHostProcess,
  spawnFunctionsHost,
} from '../../../local/functions-host/spawn.ts';
import { type LocalAzure, startLocalAzure } from '../../../local/local-azure.ts';
import { openSystemContainers } from '../containers/system-containers.ts';
import { type ApiClient, apiClient } from './api-client.ts';
import { newStorageAccount } from './storage-account.ts';

const FREE_PORTS = { eventHubs: 0, cosmosDb: 0, webPubSub: 0, blob: 0, queue: 0, table: 0 };

/** The whole system on free ports, with its own write store. */
export interface TestSystem {
  readonly azure: LocalAzure;
  /** Folder of the persistent data: the write store and the key of the development issuer. */
  readonly data: string;
  readonly writeStore: string;
  /** The Functions host. A test can stop or kill it and start it again. */
  host: FunctionsHostProcess;
  /** Starts another Functions host on the same services, by default with the built app. */
  startHost(env?: Readonly<Record<string, string>>, root?: string, port?: number): Promise<FunctionsHostProcess>;
  /** Starts a host with one of the built apps. A command or query app can have settings of its own beside {@link host}. */
  startApp(name: 'commands' | 'queries', env: Readonly<Record<string, string>>): Promise<FunctionsHostProcess>;
  /** An HTTP client with a token of this role, or of several. It calls the host at this URL, by default {@link host}. */
  as(role: string | readonly string[], customerId?: string, url?: string): ApiClient;
  stop(): Promise<void>;
}

/** Messages to partners are sent soon, for the tests that wait for them. */
export const QUICK_WEBHOOKS = { WEBHOOK_SCHEDULE: '* * * * * *' };

/**
 * Timers run often, so that tests do not wait for them for long. What a single host does not need, the search for partitions of other
 * hosts, runs seldom: many systems run at the same time, and are idle most of the time.
 */
const QUICK = {
  OUTBOX_RELAY_SCHEDULE: '* * * * * *',
  OUTBOX_RELAY_AFTER_SECONDS: '1',
  REPLAY_SCHEDULE: '*/2 * * * * *',
  WEBHOOK_SCHEDULE: '*/10 * * * * *',
  AzureFunctionsJobHost__extensions__eventHubs__loadBalancingUpdateInterval: '00:01:00',
  AzureFunctionsJobHost__extensions__eventHubs__partitionOwnershipExpirationInterval: '00:03:00',
};

/**
 * Settings with which the partitions of a killed host are taken over soon. They cost a system more than all else while it is idle. A host
 * renews its ownership halfway, so it has 4 s to do so on a busy machine.
 */
export const QUICK_TAKEOVER = {
  AzureFunctionsJobHost__extensions__eventHubs__loadBalancingUpdateInterval: '00:00:02',
  AzureFunctionsJobHost__extensions__eventHubs__partitionOwnershipExpirationInterval: '00:00:08',
};

export interface TestSystemOptions {
  /** Serves the console's pages, too. Default: no. */
  readonly withConsole?: boolean;
}

export async function startSystem(
  env: Readonly<Record<string, string>> = {},
  { withConsole = false }: TestSystemOptions = {},
): Promise<TestSystem> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-'));
  const azure = await startLocalAzure(FREE_PORTS, folder, { storage: await newStorageAccount() });
  const { tokens, webPubSub } = azure;
  const site = withConsole
    ? await startConsoleSite({ tokenPort: tokens.port, webPubSubPort: webPubSub.port })
    : undefined;
  const containers = await openSystemContainers();
  const writeStore = join(folder, 'orders.db');
  const spawn = (more: Readonly<Record<string, string>>, app: Omit<FunctionsHostOptions, 'env' | 'log'>) =>
    spawnFunctionsHost({
      ...app,
      ...(site !== undefined && { pagesPort: site.port }),
      log: 'json',
      env: {
        ...azure.settings,
        ...QUICK,
        SQL_CONNECTION_STRING: `sqlite:${writeStore}`,
        SQL_REPLICA_CONNECTION_STRING: `sqlite:${writeStore}`,
        ...containers.settings,
        ...env,
        ...more,
      },
    });
  const startHost: TestSystem['startHost'] = (more = {}, root = resolve('.'), port = 0) => spawn(more, { root, port });
  const host = await startHost();
  azure.tokens.allowPage(host.port);
  const system: TestSystem = {
    azure,
    data: folder,
    writeStore,
    host,
    startHost,
    startApp: (name, more) => spawn(more, { root: resolve('.'), main: `dist/${name}/index.cjs` }),
    as: (role, customerId, url) =>
      apiClient(
        () => `${url ?? system.host.url}/api`,
        () => azure.issuer.sign({ roles: [role].flat(), customerId, lifetime: 3600 }),
      ),
    stop: async () => {
      await system.host.stop();
      await site?.close();
      await azure.close();
      await containers.remove();
      await rm(folder, { recursive: true });
    },
  };
  return system;
}
