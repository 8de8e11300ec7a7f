import { type Authenticate, createAuthenticate } from '../shared/auth/authenticate.ts';
import type { CommandsConfig } from '../shared/config.ts';
import { appCredential } from '../shared/credential.ts';
import {
  type EventPublisher,
  type OpenProducer,
  openEventPublisher,
  openHubProducer,
} from '../shared/event-hubs/event-publisher.ts';
import { ORDER_EVENTS_HUB } from '../shared/event-hubs/hub.ts';
import { Problem } from '../shared/http/problem.ts';
import { lazyResource } from '../shared/lazy-resource.ts';
import type { MasterKey } from '../shared/personal-data/master-key.ts';
import { openMasterKey } from '../shared/personal-data/open-master-key.ts';
import type { Runtime } from '../shared/runtime.ts';
import { lazyReplica, type ReplicaReads, replicaReads } from '../shared/write-database/replica.ts';
import { expireOrder } from './orders/expire-order.ts';
import { publishAfterCommit } from './outbox/publish-after-commit.ts';
import type { Command } from './pipeline/command.ts';
import { authorize, type CommandBus, createCommandBus } from './pipeline/command-bus.ts';
import { telemetry } from './pipeline/telemetry.ts';
import type { CustomerKeys } from './write-store/customer-keys.ts';
import type { EventArchive } from './write-store/event-archive.ts';
import { openWriteStore } from './write-store/open-write-store.ts';
import type { Outbox } from './write-store/outbox.ts';
import type { UnconfirmedOrders } from './write-store/unconfirmed-orders.ts';
import type { WriteStore } from './write-store/write-store.ts';

/** The dependencies of the command app's functions. */
export interface CommandsApp {
  readonly config: CommandsConfig;
  readonly commands: readonly Command[];
  readonly runtime: Runtime;
  readonly authenticate: Authenticate;
  /** Opens the services on first use. Rejects with Problem `unavailable` when opening fails; the next call retries. */
  services(): Promise<CommandServices>;
  /** Sends buffered events, marks them as published, and closes all connections. */
  close(): Promise<void>;
}

/** What the operations that dispatch commands need of the app. */
export interface DispatchingApp extends Pick<CommandsApp, 'commands' | 'runtime' | 'authenticate'> {
  services(): Promise<Pick<CommandServices, 'bus'>>;
}

/** What the operations that only read need of the app. */
export interface ReadingApp extends Pick<CommandsApp, 'runtime' | 'authenticate'> {
  readonly config: Pick<CommandsConfig, 'orders'>;
  services(): Promise<{
    readonly store: Pick<WriteStore, 'load'>;
    readonly eventReads: EventReads;
    readonly masterKey: MasterKey;
  }>;
}

/** Reads of an aggregate's events, which the replica may answer. No command is decided on them. */
export type EventReads = ReplicaReads<Pick<WriteStore, 'readEvents'>>;

export interface CommandServices {
  readonly bus: CommandBus;
  /** Handles the commands of the app itself, which no client can send. */
  readonly internalBus: CommandBus;
  readonly store: WriteStore & Outbox & CustomerKeys & UnconfirmedOrders & EventArchive;
  readonly eventReads: EventReads;
  readonly masterKey: MasterKey;
  readonly publisher: EventPublisher;
}

/** How the app opens the services that it depends on. A simulation replaces them. */
export interface CommandsEdges {
  readonly openWriteStore: typeof openWriteStore;
  readonly openMasterKey: typeof openMasterKey;
  readonly openProducer: OpenProducer;
  readonly createAuthenticate: typeof createAuthenticate;
  readonly warn: (text: string) => void;
}

const AZURE: CommandsEdges = {
  openWriteStore,
  openMasterKey,
  openProducer: openHubProducer,
  createAuthenticate,
  warn: (text) => console.warn(text),
};

/** Builds the app. Connections are opened on first use. */
export function createCommandsApp(
  config: CommandsConfig,
  commands: readonly Command[],
  runtime: Runtime,
  edges: CommandsEdges = AZURE,
): CommandsApp {
  const services = lazyResource(() => openServices(config, commands, runtime, edges));
  return {
    config,
    commands,
    runtime,
    authenticate: edges.createAuthenticate(config.auth, runtime),
    services: () => services.get().catch(notOpened),
    close: services.close,
  };
}

function notOpened(cause: unknown): never {
  throw new Problem('unavailable', 'Orders cannot be written at the moment: try again.', { retryAfter: 5, cause });
}

async function openServices(
  { sql, orders, eventHub, masterKey: location }: CommandsConfig,
  commands: readonly Command[],
  runtime: Runtime,
  { warn, ...open }: CommandsEdges,
): Promise<CommandServices & { close(): Promise<void> }> {
  const masterKey = open.openMasterKey(location, runtime);
  masterKey.refresh().catch(() => undefined); // warms the cache while the store opens; a failure surfaces when the key is needed
  const options = { tokenCredential: appCredential(sql.identityClientId), runtime };
  const store = await open.openWriteStore(sql.connectionString, options);
  const replica = lazyReplica<Pick<WriteStore, 'readEvents' | 'close'>>(
    sql.replicaConnectionString,
    (connectionString) => openWriteStore(connectionString, { ...options, isReplica: true }),
  );
  const publisher = openEventPublisher(eventHub, ORDER_EVENTS_HUB, warn, {
    ...runtime,
    openProducer: open.openProducer,
  });
  const afterCommit = publishAfterCommit(publisher, store, warn, runtime);
  const dependencies = { store, publish: afterCommit.publish, masterKey, settings: orders, runtime };
  return {
    bus: createCommandBus(commands, dependencies, [telemetry(runtime), authorize]),
    internalBus: createCommandBus([expireOrder], dependencies, [telemetry(runtime)]),
    store,
    eventReads: replicaReads({ primary: async () => store, replica: replica?.get }, runtime),
    masterKey,
    publisher,
    close: async () => {
      await publisher.close();
      await afterCommit.flush();
      await replica?.close();
      await store.close();
    },
  };
}
