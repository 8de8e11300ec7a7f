import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type FunctionsHostProcess, spawnFunctionsHost } from '../../../local/functions-host/spawn.ts';
import { type LocalAzure, startLocalAzure } from '../../../local/local-azure.ts';
import { type ApiClient, apiClient } from './api-client.ts';

const FREE_PORTS = { eventHubs: 0, cosmosDb: 0, blob: 0, queue: 0, table: 0 };

/** The whole system on free ports, with a write store of its own. */
export interface TestSystem {
  readonly azure: LocalAzure;
  /** Folder of what lasts: the write store and the development issuer's key. */
  readonly data: string;
  readonly writeStore: string;
  /** The functions; a test may stop or kill them, and start them again. */
  host: FunctionsHostProcess;
  /** Starts another Functions host on the same services, by default of the app that is built. */
  startHost(env?: Readonly<Record<string, string>>, root?: string): Promise<FunctionsHostProcess>;
  /** An HTTP client with a token of this role, or of several. */
  as(role: string | readonly string[], customerId?: string): ApiClient;
  stop(): Promise<void>;
}

/** Timers look every second, and streams of changes end after one, so that tests do not wait for them. */
const QUICK = {
  OUTBOX_RELAY_SCHEDULE: '* * * * * *',
  OUTBOX_RELAY_AFTER_SECONDS: '1',
  REPLAY_SCHEDULE: '* * * * * *',
  CHANGES_STREAM_SECONDS: '1',
};

export async function startSystem(env: Readonly<Record<string, string>> = {}): Promise<TestSystem> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-'));
  const azure = await startLocalAzure(FREE_PORTS, folder);
  const writeStore = join(folder, 'orders.db');
  const startHost: TestSystem['startHost'] = (more = {}, root = resolve('.')) =>
    spawnFunctionsHost({
      root,
      env: { ...azure.settings, ...QUICK, SQL_CONNECTION_STRING: `sqlite:${writeStore}`, ...env, ...more },
    });
  const system: TestSystem = {
    azure,
    data: folder,
    writeStore,
    host: await startHost(),
    startHost,
    as: (role, customerId) =>
      apiClient(
        () => `${system.host.url}/api`,
        () => azure.issuer.sign({ roles: [role].flat(), customerId, lifetime: 3600 }),
      ),
    stop: async () => {
      await system.host.stop();
      await azure.close();
      await rm(folder, { recursive: true });
    },
  };
  return system;
}
