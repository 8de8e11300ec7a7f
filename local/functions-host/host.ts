import { inspect } from 'node:util';
import { AppLoadError, loadApp } from './app-loader.ts';
import type { AppRegistry } from './app-registry.ts';
import { type FunctionSummary, httpSummary } from './function-list.ts';
import { maxBodyBytes } from './http-body.ts';
import { sendStatus } from './http-messages.ts';
import { closeHttp, type HttpHandler, listenHttp } from './http-server.ts';
import { httpDispatcher } from './http-trigger.ts';
import { HubConnections } from './hub-connections.ts';
import { Invoker } from './invocation.ts';
import type { TriggerListener } from './listener.ts';
import type { Log } from './log.ts';
import type { HostSettings } from './settings.ts';
import { type FunctionTrigger, functionTriggers } from './triggers.ts';
import { within } from './within.ts';

/** How long running invocations may take to finish when the host stops. */
const STOP_GRACE_MS = 10_000;

export interface FunctionsHost {
  readonly port: number;
  readonly functions: readonly FunctionSummary[];
  /** Set when the app could not be loaded. The host then returns 503 for every request. */
  readonly error: string | undefined;
  /** Stops the triggers, waits up to 10 s for running invocations, then runs the app's `appTerminate` hooks. */
  stop(): Promise<void>;
}

export interface HostOptions {
  /** Glob of the app's files. Default: `main` of package.json. */
  readonly main?: string | undefined;
  /** Port of a server on this machine that serves what is not below /api. Default: nothing is there. */
  readonly pagesPort?: number | undefined;
  /** Port of another host on this machine, which gets the requests below /api that match no function. They wait for the port. */
  readonly otherPort?: Promise<number> | undefined;
}

interface RunningApp {
  readonly functions: readonly FunctionSummary[];
  readonly handleHttp: HttpHandler;
  readonly error?: string;
  stop(): Promise<void>;
}

interface RunningHost extends Pick<HostOptions, 'pagesPort' | 'otherPort'> {
  readonly settings: HostSettings;
  readonly port: number;
  readonly log: Log;
}

const unavailable: HttpHandler = async (_request, response) => sendStatus(response, 503);

/**
 * Starts the host: listens, loads the app, starts its triggers. Requests that arrive before the app is loaded wait for it.
 * @throws {PortInUseError}
 */
export async function startHost(
  settings: HostSettings,
  log: Log,
  { main, ...others }: HostOptions = {},
): Promise<FunctionsHost> {
  let stopping = false;
  const loaded = Promise.withResolvers<RunningApp>();
  const { server, port } = await listenHttp(
    settings.port,
    async (request, response) => {
      const { handleHttp } = await loaded.promise;
      return stopping ? unavailable(request, response) : handleHttp(request, response);
    },
    log,
  );
  const app = await startApp({ settings, port, log, ...others }, main);
  loaded.resolve(app);
  return {
    port,
    functions: app.functions,
    error: app.error,
    async stop() {
      stopping = true;
      await app.stop();
      await closeHttp(server);
    },
  };
}

async function startApp(host: RunningHost, main: string | undefined): Promise<RunningApp> {
  const { settings, port, log } = host;
  prepareProcess(settings, port);
  const appData = {};
  try {
    return runApp(await loadApp(settings.root, main, appData), appData, host);
  } catch (cause) {
    const error = explain(cause);
    log('error', { source: 'host', category: 'Host.Startup', message: `The function app is in error. ${error}` });
    return { functions: [], handleHttp: unavailable, error, stop: async () => undefined };
  }
}

/** Users fix invalid settings and need no stack trace for them. The app bundles its own ConfigError, so match by name. */
function explain(error: unknown): string {
  const cause = error instanceof AppLoadError ? error.cause : undefined;
  return cause instanceof Error && cause.name === 'ConfigError' ? cause.message : inspect(error);
}

/** Puts the settings into the environment and makes the app's folder the working directory. */
function prepareProcess(settings: HostSettings, port: number): void {
  const fromCoreTools = { AZURE_FUNCTIONS_ENVIRONMENT: 'Development', WEBSITE_HOSTNAME: `localhost:${port}` };
  Object.assign(process.env, fromCoreTools, settings.environment);
  process.chdir(settings.root);
}

function runApp(
  app: AppRegistry,
  appData: Record<string, unknown>,
  { settings, port, log, pagesPort, otherPort }: RunningHost,
): RunningApp {
  app.systemLog = (level, message) => log(level, { source: 'worker', category: 'Host.Worker', message });
  const invoker = new Invoker(app, log);
  const connections = new HubConnections();
  const host = { invoker, settings: settings.environment, eventHubs: settings.eventHubs, connections, log };
  const triggers = functionTriggers(app, settings.routePrefix, host);
  const routes = triggers.flatMap((trigger) => (trigger.kind === 'http' ? [trigger.route] : []));
  const listeners = triggers.flatMap((trigger) => (trigger.kind === 'listener' ? [trigger.listener] : []));
  for (const listener of listeners) listener.start();
  return {
    functions: triggers.map((trigger) => summary(trigger, port)),
    handleHttp: httpDispatcher(routes, invoker, {
      cors: settings.cors,
      maxBytes: maxBodyBytes(settings.environment),
      pagesPort,
      otherPort,
    }),
    async stop() {
      await within(
        STOP_GRACE_MS,
        endWork(listeners, invoker).then(() => connections.close()),
      );
      await app.runHooks('appTerminate', { hookData: appData });
    },
  };
}

async function endWork(listeners: readonly TriggerListener[], invoker: Invoker): Promise<void> {
  await Promise.allSettled([...listeners.map((listener) => listener.stop()), invoker.idle()]);
}

function summary(trigger: FunctionTrigger, port: number): FunctionSummary {
  if (trigger.kind === 'http') return httpSummary(trigger.route, port);
  const { name, type } = trigger;
  return trigger.kind === 'in-error' ? { name, type, error: trigger.error } : { name, type };
}
