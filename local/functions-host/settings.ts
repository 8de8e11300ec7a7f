import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { LogLevel } from './core-types.ts';
import type { CorsPolicy } from './cors.ts';
import { timeSpanToMs } from './time-span.ts';

/** host.json `extensions.eventHubs`: https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs#hostjson-settings */
export interface EventHubSettings {
  readonly maxEventBatchSize: number;
  readonly minEventBatchSize: number;
  /** How long a batch smaller than `minEventBatchSize` waits for more events. */
  readonly maxWaitTimeMs: number;
  readonly prefetchCount: number;
  /** Batches per checkpoint. */
  readonly batchCheckpointFrequency: number;
  readonly initialOffset: 'fromStart' | 'fromEnd';
  readonly loadBalancingUpdateIntervalMs: number;
  readonly partitionOwnershipExpirationIntervalMs: number;
}

export interface HostSettings {
  readonly root: string;
  readonly port: number;
  readonly routePrefix: string;
  /** Minimum level by category, such as `default`, `Function`, `Function.placeOrder.User`, `Host`. */
  readonly logLevels: Readonly<Record<string, LogLevel>>;
  readonly eventHubs: EventHubSettings;
  /** Undefined when local.settings.json allows no origins. */
  readonly cors: CorsPolicy | undefined;
  /** The app settings: environment variables take precedence over `Values` in local.settings.json. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A settings file or option is missing or invalid. `message` is written for users. */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SettingsError';
  }
}

const DEFAULT_PORT = 7071;

const TimeSpanMs = z.string().transform((text, context) => {
  const ms = timeSpanToMs(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: 'must be a time span (hh:mm:ss)' });
  return z.NEVER;
});

const Level = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none']));

const EventHubs = z.object({
  maxEventBatchSize: z.coerce.number().int().positive().default(100),
  minEventBatchSize: z.coerce.number().int().positive().default(1),
  maxWaitTime: TimeSpanMs.default(60_000),
  prefetchCount: z.coerce.number().int().positive().default(300),
  batchCheckpointFrequency: z.coerce.number().int().positive().default(1),
  initialOffsetOptions: z.object({ type: z.enum(['fromStart', 'fromEnd']).default('fromStart') }).prefault({}),
  loadBalancingUpdateInterval: TimeSpanMs.default(30_000),
  partitionOwnershipExpirationInterval: TimeSpanMs.default(120_000),
});

const HostJson = z.object({
  version: z.literal('2.0'),
  logging: z.object({ logLevel: z.record(z.string(), Level).default({}) }).prefault({}),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      eventHubs: EventHubs.prefault({}),
    })
    .prefault({}),
});

const LocalSettings = z.object({
  Values: z.record(z.string(), z.string()).default({}),
  Host: z
    .object({
      LocalHttpPort: z.int().optional(),
      CORS: z.string().default(''),
      CORSCredentials: z.boolean().default(false),
    })
    .refine(({ CORS, CORSCredentials }) => !(CORSCredentials && originsOf(CORS).includes('*')), {
      path: ['CORSCredentials'],
      message: 'cannot be combined with the origin *: list the origins in CORS',
    })
    .prefault({}),
});

function originsOf(text: string): readonly string[] {
  return text.split(',').filter((origin) => origin !== '');
}

function corsPolicy({ CORS, CORSCredentials }: z.output<typeof LocalSettings>['Host']): CorsPolicy | undefined {
  const origins = originsOf(CORS);
  return origins.length === 0 ? undefined : { origins, credentials: CORSCredentials };
}

/**
 * Reads host.json and local.settings.json. Environment variables take precedence over `Values`, as in Core Tools.
 * @param port 0 picks a free port. Default: `Host.LocalHttpPort`, else 7071.
 * @throws {SettingsError}
 */
export async function readSettings(root: string, port: number | undefined): Promise<HostSettings> {
  const hostJson = await readJson(join(root, 'host.json'), HostJson, withOverrides);
  if (hostJson === undefined)
    throw new SettingsError(`Unable to find a function app: there is no host.json in ${root}.`);
  const local = (await readJson(join(root, 'local.settings.json'), LocalSettings)) ?? LocalSettings.parse({});
  return {
    root,
    port: port ?? local.Host.LocalHttpPort ?? DEFAULT_PORT,
    routePrefix: hostJson.extensions.http.routePrefix,
    logLevels: hostJson.logging.logLevel,
    eventHubs: eventHubSettings(hostJson.extensions.eventHubs),
    cors: corsPolicy(local.Host),
    environment: { ...local.Values, ...definedVariables(process.env) },
  };
}

function eventHubSettings(json: z.output<typeof EventHubs>): EventHubSettings {
  return {
    maxEventBatchSize: json.maxEventBatchSize,
    minEventBatchSize: Math.min(json.minEventBatchSize, json.maxEventBatchSize),
    maxWaitTimeMs: json.maxWaitTime,
    prefetchCount: json.prefetchCount,
    batchCheckpointFrequency: json.batchCheckpointFrequency,
    initialOffset: json.initialOffsetOptions.type,
    loadBalancingUpdateIntervalMs: json.loadBalancingUpdateInterval,
    partitionOwnershipExpirationIntervalMs: json.partitionOwnershipExpirationInterval,
  };
}

function definedVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

const OVERRIDE_PREFIX = 'AzureFunctionsJobHost__';

/**
 * host.json with the values that environment variables override, such as `AzureFunctionsJobHost__extensions__eventHubs__prefetchCount`:
 * https://learn.microsoft.com/azure/azure-functions/functions-host-json#override-hostjson-values
 */
function withOverrides(json: unknown): unknown {
  const overrides = Object.entries(process.env).filter(([name]) => name.startsWith(OVERRIDE_PREFIX));
  return overrides.reduce(
    (host, [name, value]) => setAt(host, name.slice(OVERRIDE_PREFIX.length).split('__'), value),
    json,
  );
}

function setAt(json: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const object = z.record(z.string(), z.unknown()).catch({}).parse(json);
  const key = Object.keys(object).find((other) => other.toLowerCase() === name.toLowerCase()) ?? name;
  return { ...object, [key]: setAt(object[key], rest, value) };
}

/** Undefined when there is no such file. */
async function readJson<T extends z.ZodType>(
  path: string,
  schema: T,
  prepare: (json: unknown) => unknown = (json) => json,
): Promise<z.output<T> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return schema.parse(prepare(JSON.parse(text)));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new SettingsError(`${path} is not valid: ${reason}`);
  }
}
