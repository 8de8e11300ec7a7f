import type { DatabaseSync } from 'node:sqlite';
import { type CommandsApp, createCommandsApp } from '../../src/commands/app.ts';
import { functions as commandFunctions, commands } from '../../src/commands/functions.ts';
import type { Environment } from '../../src/shared/config/environment.ts';
import { commandsConfig, syncConfig } from '../../src/shared/config.ts';
import { ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB } from '../../src/shared/event-hubs/hub.ts';
import type { AppFunction } from '../../src/shared/functions/app-function.ts';
import { createSyncApp } from '../../src/sync/app.ts';
import { functions as syncFunctions } from '../../src/sync/functions.ts';
import { PROJECTIONS } from '../../src/sync/projections/projections.ts';
import { simulatedDatabase } from './edges/cosmos-client.ts';
import { SimulatedHub } from './edges/hub.ts';
import { simulatedProducer } from './edges/producer.ts';
import { SimulatedReadDatabase } from './edges/read-database.ts';
import { runTimer, type TimerLocks } from './edges/timers.ts';
import { EventHubTrigger } from './edges/trigger.ts';
import { SimulatedVault } from './edges/vault.ts';
import { SimulatedWebPubSub } from './edges/web-pubsub.ts';
import { SimulatedWriteDatabase } from './edges/write-database.ts';
import { Process } from './kernel/process.ts';
import type { World } from './kernel/world.ts';

const ENVIRONMENT: Environment = {
  AUTH_ISSUER: 'https://issuer.example',
  AUTH_AUDIENCE: 'orders',
  AUTH_ALLOWED_CLIENTS: 'shop',
  AUTH_JWKS_URI: 'https://issuer.example/keys',
  SQL_CONNECTION_STRING: 'sqlite::memory:',
  MASTER_KEY: 'https://vault.example/secrets/master',
  EventHubConnection: 'Endpoint=sb://simulated',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  CosmosConnection: 'AccountEndpoint=https://simulated',
  WebPubSubConnection: 'Endpoint=https://simulated',
};
const COMMANDS_CONFIG = commandsConfig(ENVIRONMENT);
const SYNC_CONFIG = syncConfig(ENVIRONMENT);

/** Timers that need what is not simulated: the lag of the consumer groups, replays, and the partners' servers. */
const LEFT_OUT: ReadonlySet<string> = new Set(['recordLag', 'resumeReplays', 'deliverWebhooks']);

/** Processes of each app. */
const INSTANCES = ['a', 'b'] as const;

/** The services of Azure, which no crash of an app affects. */
export class Services {
  readonly hub: SimulatedHub;
  readonly replayHub: SimulatedHub;
  readonly vault = new SimulatedVault();
  readonly documents = new SimulatedReadDatabase();
  readonly webPubSub = new SimulatedWebPubSub();
  readonly sql: SimulatedWriteDatabase;
  readonly locks: TimerLocks = new Map();

  constructor(world: World, database: DatabaseSync) {
    this.sql = new SimulatedWriteDatabase(world, database);
    this.hub = new SimulatedHub(world, ORDER_EVENTS_HUB);
    this.replayHub = new SimulatedHub(world, ORDER_EVENTS_REPLAY_HUB);
  }

  hubNamed(name: string): SimulatedHub {
    return name === this.replayHub.name ? this.replayHub : this.hub;
  }
}

/** A command app that runs. */
export interface RunningCommands {
  readonly process: Process;
  readonly app: CommandsApp;
}

/** The processes of the apps. One that crashes starts again. */
export class Cluster {
  readonly services: Services;
  readonly #world: World;
  readonly #commands = new Map<string, RunningCommands>();
  readonly #processes = new Map<string, Process>();
  #started = 0;

  constructor(world: World, database: DatabaseSync) {
    this.#world = world;
    this.services = new Services(world, database);
  }

  start(): void {
    for (const instance of INSTANCES) {
      this.#start(`commands-${instance}`, (process) => this.#startCommands(`commands-${instance}`, process));
      this.#start(`sync-${instance}`, (process) => this.#startSync(process));
    }
  }

  /** The command apps that run. */
  get commands(): readonly RunningCommands[] {
    return [...this.#commands.values()];
  }

  /** The processes that run. */
  get processes(): readonly Process[] {
    return [...this.#processes.values()];
  }

  #start(instance: string, run: (process: Process) => void): void {
    const world = this.#world;
    const number = ++this.#started;
    const process = new Process(world, `${instance}.${number}`, world.scenario.seed * 1_000 + number);
    this.#processes.set(instance, process);
    world.note(process.name, 'starts');
    run(process);
    void process.crashed.then(() => {
      this.#processes.delete(instance);
      this.#commands.delete(instance);
      const downMs = world.dice.between(`${instance} is down`, 100, 20_000);
      world.schedule(downMs, () => this.#start(instance, run));
    });
  }

  #startCommands(instance: string, process: Process): void {
    const { vault, sql } = this.services;
    const app = createCommandsApp(COMMANDS_CONFIG, commands, process.runtime, {
      openMasterKey: () => vault.masterKeyOf(process),
      openWriteStore: async () => sql.storeOf(process),
      openProducer: (_connection, hub, options) =>
        simulatedProducer(this.#world, process, this.services.hubNamed(hub), options),
      warn: (text) => this.#world.note(process.name, `warns: ${text}`),
    });
    this.#commands.set(instance, { process, app });
    this.#host(process, commandFunctions(app));
  }

  #startSync(process: Process): void {
    const { vault, sql, documents, webPubSub } = this.services;
    const app = createSyncApp(SYNC_CONFIG, PROJECTIONS, process.runtime, {
      openMasterKey: () => vault.masterKeyOf(process),
      openSyncDatabase: async () => sql.syncDatabaseOf(process),
      openReadDatabase: () => ({
        database: simulatedDatabase({ world: this.#world, process, stored: documents }),
        close: () => undefined,
      }),
      webPubSubOpener: () => async () => webPubSub.clientOf(process),
    });
    this.#host(process, syncFunctions(app));
  }

  /** Runs the timers and triggers of an app, as the Functions host does. */
  #host(process: Process, functions: readonly AppFunction[]): void {
    const world = this.#world;
    const { locks } = this.services;
    for (const entry of functions) {
      if (entry.trigger === 'timer' && !LEFT_OUT.has(entry.name)) void runTimer({ world, process, locks }, entry);
      if (entry.trigger !== 'eventHub') continue;
      const hub = this.services.hubNamed(entry.options.eventHubName);
      void new EventHubTrigger({ world, process, hub }, entry).run();
    }
  }
}
