import type { DatabaseSync } from 'node:sqlite';
import { createCommandsApp } from '../../src/commands/app.ts';
import { functions as commandFunctions, commands } from '../../src/commands/functions.ts';
import { getOrder, type ReadingApp } from '../../src/queries/orders/get-order.ts';
import { createCallerLimits } from '../../src/queries/reading/caller-limits.ts';
import { openEventPublisher } from '../../src/shared/event-hubs/event-publisher.ts';
import type { AppFunction, HttpFunction } from '../../src/shared/functions/app-function.ts';
import { createSyncApp, type SyncApp } from '../../src/sync/app.ts';
import { functions as syncFunctions } from '../../src/sync/functions.ts';
import { PROJECTIONS } from '../../src/sync/projections/projections.ts';
import { COMMANDS_CONFIG, SYNC_CONFIG, syncConfigWith, withSmallPages } from './config.ts';
import { simulatedAuthenticate } from './edges/authenticate.ts';
import { simulatedDatabase } from './edges/cosmos-client.ts';
import { postFrom } from './edges/partner.ts';
import { positionsOf } from './edges/positions.ts';
import { simulatedProducer } from './edges/producer.ts';
import { runFunctions } from './functions-host.ts';
import { HttpApi } from './http/http-api.ts';
import { Process } from './kernel/process.ts';
import type { World } from './kernel/world.ts';
import type { Release } from './releases.ts';
import type { SearchGeneration } from './search-invariants.ts';
import { Services } from './services.ts';

/** Processes of each app. */
const INSTANCES = ['a', 'b'] as const;

/** A running command app. */
export interface RunningCommands {
  readonly process: Process;
  readonly api: HttpApi;
}

/** A running sync app. */
export interface RunningSync {
  readonly process: Process;
  readonly app: SyncApp;
  readonly api: HttpApi;
}

/** A running query app. */
export interface RunningQueries {
  readonly process: Process;
  readonly getOrder: HttpFunction;
}

/** The share of the runs with Azure AI Search. */
const WITH_SEARCH = 0.3;

/** Longest time (ms) until a process is stopped for a deployment. Until then it runs beside those of the new release. */
const DEPLOYMENT_MS = 15_000;

/** The processes of the apps. One that crashes starts again. */
export class Cluster {
  readonly services: Services;
  /** What processes of the sync app run when they start. */
  release: Release = PROJECTIONS;
  /** The generation of indexes that they want when they start. */
  searchGeneration: SearchGeneration;
  /** Answers that did not match the API description. */
  readonly malformedAnswers: string[] = [];
  readonly #world: World;
  readonly #createAuthenticate: ReturnType<typeof simulatedAuthenticate>;
  readonly #commands = new Map<string, RunningCommands>();
  readonly #syncs = new Map<string, RunningSync>();
  #queries: RunningQueries | undefined;
  readonly #processes = new Map<string, Process>();
  #started = 0;

  constructor(world: World, database: DatabaseSync) {
    this.#world = world;
    this.services = new Services(world, database);
    this.#createAuthenticate = simulatedAuthenticate(world);
    this.searchGeneration = world.dice.roll('has search') < WITH_SEARCH ? 1 : undefined;
  }

  start(): void {
    for (const instance of INSTANCES) {
      this.#start(`commands-${instance}`, (process) => this.#startCommands(`commands-${instance}`, process));
      this.#start(`sync-${instance}`, (process) => this.#startSync(`sync-${instance}`, process));
    }
    this.#start('queries', (process) => this.#startQueries(process));
  }

  /** The running command apps. */
  get commands(): readonly RunningCommands[] {
    return [...this.#commands.values()];
  }

  /** The running sync apps. */
  get syncs(): readonly RunningSync[] {
    return [...this.#syncs.values()];
  }

  /** The query app; undefined while it does not run. */
  get queries(): RunningQueries | undefined {
    return this.#queries?.process.isAlive ? this.#queries : undefined;
  }

  /** True when every process of the sync app runs the current release. */
  get isDeployed(): boolean {
    return this.syncs.length === INSTANCES.length && this.syncs.every(({ app }) => app.projections === this.release);
  }

  /** Stops the processes of the sync app one after the other, which start again with another release. */
  async deploy(release: Release): Promise<void> {
    this.release = release;
    await Promise.all(
      this.syncs.map(async ({ process }) => {
        const afterMs = this.#world.dice.between('deployment', 0, DEPLOYMENT_MS);
        await new Promise<void>((resolve) => void this.#world.schedule(afterMs, resolve));
        process.crash();
      }),
    );
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
      this.#syncs.delete(instance);
      const downMs = world.dice.between(`${instance} is down`, 100, 20_000);
      world.schedule(downMs, () => this.#start(instance, run));
    });
  }

  #startCommands(instance: string, process: Process): void {
    const { vault, sql } = this.services;
    const app = createCommandsApp(COMMANDS_CONFIG, commands, process.runtime, {
      openMasterKey: () => vault.masterKeyOf(process),
      openWriteStore: async () => sql.storeOf(process),
      openProducer: (_connection, hub) => simulatedProducer(this.#world, process, this.services.hubNamed(hub)),
      createAuthenticate: this.#createAuthenticate,
      warn: (text) => this.#world.note(process.name, `warns: ${text}`),
    });
    const functions = commandFunctions(app);
    this.#commands.set(instance, { process, api: this.#apiOf(process, functions) });
    runFunctions({ world: this.#world, process, services: this.services }, functions);
  }

  #startSync(instance: string, process: Process): void {
    const { vault, sql, documents, webPubSub, partners, replayHub, search } = this.services;
    const app = createSyncApp(syncConfigWith(this.searchGeneration), this.release, process.runtime, {
      openMasterKey: () => vault.masterKeyOf(process),
      openSyncDatabase: async () => withSmallPages(sql.syncDatabaseOf(process)),
      openReadDatabase: () => ({
        database: simulatedDatabase({ world: this.#world, process, stored: documents }),
        close: () => undefined,
      }),
      webPubSubOpener: () => async () => webPubSub.clientOf(process),
      createPostMessage: () => postFrom(process, Object.values(partners)),
      createAuthenticate: this.#createAuthenticate,
      searchOpener: () => async () => search.serviceOf(process),
      openReplayHub: async (_config, warn, clock) => {
        const publisher = openEventPublisher(SYNC_CONFIG.eventHub, replayHub.name, warn, {
          ...clock,
          openProducer: () => simulatedProducer(this.#world, process, replayHub),
        });
        return { publisher, positions: () => positionsOf(replayHub, process), close: publisher.close };
      },
    });
    const functions = syncFunctions(app);
    this.#syncs.set(instance, { process, app, api: this.#apiOf(process, functions) });
    runFunctions({ world: this.#world, process, services: this.services }, functions);
  }

  #startQueries(process: Process): void {
    const app: ReadingApp = {
      runtime: process.runtime,
      authenticate: async () => ({ userId: 'reader', roles: new Set(['admin']), customerId: undefined }),
      callerLimits: createCallerLimits(process.runtime),
      database: simulatedDatabase({ world: this.#world, process, stored: this.services.documents }),
    };
    this.#queries = { process, getOrder: getOrder(app) };
  }

  #apiOf(process: Process, functions: readonly AppFunction[]): HttpApi {
    return new HttpApi(functions, {
      log: (text) => this.#world.note(process.name, text),
      malformed: (text) => this.malformedAnswers.push(text),
    });
  }
}
