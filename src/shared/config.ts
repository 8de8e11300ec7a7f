import { z } from 'zod';
import { isCurrency } from './money.ts';
import type { MasterKeyLocation } from './personal-data/open-master-key.ts';

/** App settings as environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings are missing or wrong. The message lists all of them, so that they can be fixed at once. */
export class ConfigError extends Error {
  readonly code = 'config-invalid';

  constructor(problems: readonly string[]) {
    super(`Settings are missing or wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

const text = z.string({ error: 'is not set' }).min(1, 'is empty');

/** WEBSITE_SITE_NAME is set only in Azure: https://learn.microsoft.com/azure/app-service/reference-app-settings */
const isAzure = (env: { readonly WEBSITE_SITE_NAME?: string | undefined }) => env.WEBSITE_SITE_NAME !== undefined;

/** Client ids, separated by commas. */
const clientIds = text
  .transform((list) => new Set(list.split(',').map((id) => id.trim())))
  .refine((ids) => !ids.has(''), 'must be client ids, separated by commas');

/** The accepted token issuer and clients. Keys from a file belong to the development issuer, which is rejected in Azure. */
const auth = z
  .object({
    AUTH_ISSUER: text,
    AUTH_AUDIENCE: text,
    AUTH_ALLOWED_CLIENTS: clientIds,
    AUTH_MAX_TOKEN_HOURS: z.coerce.number('must be a number of hours').positive().max(8760).default(24),
    AUTH_CUSTOMER_CLAIM: text.default('customerId'),
    AUTH_JWKS_URI: text.regex(/^(https:\/\/|file:)/, 'must start with https:// (or file: on a developer machine)'),
    WEBSITE_SITE_NAME: z.string().optional(),
  })
  .refine((env) => !isAzure(env) || env.AUTH_JWKS_URI.startsWith('https://'), {
    path: ['AUTH_JWKS_URI'],
    message:
      'is a file with the keys of the development issuer, which is not allowed in Azure: set the https:// address of your issuer',
  })
  .transform((env) => ({
    issuer: env.AUTH_ISSUER,
    audience: env.AUTH_AUDIENCE,
    /** The clients (applications) whose tokens are accepted. */
    allowedClients: env.AUTH_ALLOWED_CLIENTS,
    /** Maximum lifetime of a token, from `iat` to `exp`. */
    maxTokenSeconds: env.AUTH_MAX_TOKEN_HOURS * 3600,
    jwksUri: env.AUTH_JWKS_URI,
    /** The claim with the customer id of the caller. */
    customerClaim: env.AUTH_CUSTOMER_CLAIM,
  }));
export type AuthConfig = z.output<typeof auth>;

const GATEWAY_SETTINGS = ['GATEWAY_ISSUER', 'GATEWAY_AUDIENCE', 'GATEWAY_CLIENT_ID', 'GATEWAY_JWKS_URI'] as const;

const gatewaySettings = z
  .object({
    GATEWAY_ISSUER: text,
    GATEWAY_AUDIENCE: text,
    GATEWAY_CLIENT_ID: text,
    GATEWAY_JWKS_URI: text.regex(/^(https:\/\/|file:)/, 'must start with https:// (or file: on a developer machine)'),
    WEBSITE_SITE_NAME: z.string().optional(),
  })
  .refine((env) => !isAzure(env) || env.GATEWAY_JWKS_URI.startsWith('https://'), {
    path: ['GATEWAY_JWKS_URI'],
    message: 'is a file, which is not allowed in Azure: set the https:// address of the issuer',
  })
  .transform((env) => ({
    issuer: env.GATEWAY_ISSUER,
    audience: env.GATEWAY_AUDIENCE,
    /** The client id of the gateway's identity. */
    clientId: env.GATEWAY_CLIENT_ID,
    jwksUri: env.GATEWAY_JWKS_URI,
  }));
export type GatewayConfig = z.output<typeof gatewaySettings>;

/** The only gateway whose requests are answered. Undefined when the settings name none, which only a developer machine may do. */
const gateway = z.custom<Environment>().transform((env, context): GatewayConfig | undefined => {
  if (!isAzure(env) && GATEWAY_SETTINGS.every((name) => env[name] === undefined)) return undefined;
  const result = gatewaySettings.safeParse(env);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
});

/**
 * The host reads the same format:
 * https://learn.microsoft.com/azure/azure-functions/functions-app-settings#applicationinsights_authentication_string
 */
const SIGN_IN = /^ClientId=([^;]+);Authorization=AAD$/;

const telemetry = z
  .object({
    APPLICATIONINSIGHTS_CONNECTION_STRING: text.optional(),
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: text
      .regex(SIGN_IN, 'must be ClientId=<client id of the identity>;Authorization=AAD')
      .optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: z.url('must be a URL such as http://localhost:4318').optional(),
  })
  .transform((env) => ({
    azureMonitorConnectionString: env.APPLICATIONINSIGHTS_CONNECTION_STRING,
    azureMonitorClientId: SIGN_IN.exec(env.APPLICATIONINSIGHTS_AUTHENTICATION_STRING ?? '')?.[1],
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  }));
export type TelemetryConfig = z.output<typeof telemetry>;

/** How to connect to an Azure service: with a connection string (local), or to an endpoint with the app's managed identity. */
export type Connection =
  | { readonly kind: 'connectionString'; readonly connectionString: string }
  | { readonly kind: 'identity'; readonly endpoint: string; readonly clientId: string | undefined };

/**
 * A connection with the setting names of Functions bindings: either `<name>` has a connection string, or `<name>__<endpoint>` has
 * the address and `<name>__clientId` the identity.
 */
function connection(name: string, endpoint: string) {
  return z.custom<Environment>().transform((env, context): Connection => {
    const connectionString = env[name];
    if (connectionString) return { kind: 'connectionString', connectionString };
    const address = env[`${name}__${endpoint}`];
    if (address) return { kind: 'identity', endpoint: address, clientId: env[`${name}__clientId`] };
    const message = `is not set: set a connection string, or ${name}__${endpoint} for an identity-based connection`;
    context.addIssue({ code: 'custom', path: [name], message });
    return z.NEVER;
  });
}

/** The same for a connection that may be missing. */
function optionalConnection(name: string, endpoint: string) {
  const required = connection(name, endpoint);
  return z
    .custom<Environment>()
    .transform((env) => (env[name] || env[`${name}__${endpoint}`] ? required.parse(env) : undefined));
}

/** A file on an instance's disk is lost with the instance, so SQLite is not allowed in Azure. */
const sql = z
  .object({
    SQL_CONNECTION_STRING: text,
    SQL_IDENTITY_CLIENT_ID: text.optional(),
    WEBSITE_SITE_NAME: z.string().optional(),
  })
  .refine((env) => !isAzure(env) || !env.SQL_CONNECTION_STRING.startsWith('sqlite:'), {
    path: ['SQL_CONNECTION_STRING'],
    message: 'is a file, which would be lost with the instance: set the connection string of Azure SQL',
  })
  .transform((env) => ({ connectionString: env.SQL_CONNECTION_STRING, identityClientId: env.SQL_IDENTITY_CLIENT_ID }));

/** The deadline of a command is below the 230 s after which Azure's load balancer ends a request. */
const orders = z
  .object({
    DEFAULT_CURRENCY: text.refine(isCurrency, 'must be an ISO 4217 code such as USD').default('USD'),
    CUSTOMER_ORDER_IDS: z.enum(['any', 'uuid'], 'must be any or uuid').default('any'),
    MAX_OPEN_DRAFTS: z.coerce.number().int('must be a whole number').min(1).max(100_000).default(1_000),
    ERASURE_NEEDS_SECOND_PERSON: z.enum(['true', 'false'], 'must be true or false').default('false'),
    COMMAND_DEADLINE_SECONDS: z.coerce.number('must be a number of seconds').min(1).max(200).default(30),
  })
  .transform((env) => ({
    defaultCurrency: env.DEFAULT_CURRENCY,
    customerOrderIds: env.CUSTOMER_ORDER_IDS,
    maxOpenDrafts: env.MAX_OPEN_DRAFTS,
    erasureNeedsSecondPerson: env.ERASURE_NEEDS_SECOND_PERSON === 'true',
    deadlineMs: env.COMMAND_DEADLINE_SECONDS * 1000,
  }));

/** When the relay polls the outbox for unpublished events, and the minimum age (s) of those events. */
const outbox = z
  .object({
    OUTBOX_RELAY_SCHEDULE: text.default('*/10 * * * * *'),
    OUTBOX_RELAY_AFTER_SECONDS: z.coerce.number('must be a number of seconds').min(0).max(3600).default(5),
  })
  .transform((env) => ({
    schedule: env.OUTBOX_RELAY_SCHEDULE,
    olderThanMs: env.OUTBOX_RELAY_AFTER_SECONDS * 1000,
  }));

/** When submitted orders that nobody has confirmed are cancelled, and after how many days; 0 never. */
const orderExpiry = z
  .object({
    ORDER_EXPIRY_SCHEDULE: text.default('0 * * * * *'),
    ORDER_EXPIRY_DAYS: z.coerce.number('must be a number of days').min(0).max(3650).default(7),
  })
  .transform((env) => ({ schedule: env.ORDER_EXPIRY_SCHEDULE, expireAfterMs: env.ORDER_EXPIRY_DAYS * 86_400_000 }));

/** When unfinished replays are resumed. */
const replay = z
  .object({ REPLAY_SCHEDULE: text.default('*/5 * * * * *') })
  .transform((env) => ({ schedule: env.REPLAY_SCHEDULE }));

const inVault = (kind: 'secrets' | 'keys') => new RegExp(`^https://[^/]+/${kind}/[\\w-]+/?$`);
const vaultOf = (address: string, clientId: string | undefined) => {
  const { origin, pathname } = new URL(address);
  return { vaultUrl: origin, name: pathname.split('/')[2] ?? '', clientId };
};

/** The master key that wraps customers' data keys. Not a file in Azure, where it would be lost with the instance. */
const masterKey = z
  .object({
    MASTER_KEY: text.regex(
      /^(file:.+|https:\/\/[^/]+\/(secrets|keys)\/[\w-]+\/?)$/,
      'must be https://<vault>.vault.azure.net/keys/<name> or …/secrets/<name> (or file:<path> on a developer machine)',
    ),
    PREVIOUS_MASTER_KEY: text
      .regex(inVault('secrets'), 'must be https://<vault>.vault.azure.net/secrets/<name>')
      .optional(),
    MASTER_KEY_IDENTITY_CLIENT_ID: text.optional(),
    WEBSITE_SITE_NAME: z.string().optional(),
  })
  .refine((env) => !isAzure(env) || env.MASTER_KEY.startsWith('https://'), {
    path: ['MASTER_KEY'],
    message: 'is a file, which would be lost with the instance: set the address of a key or secret in Key Vault',
  })
  .transform((env): MasterKeyLocation => {
    if (env.MASTER_KEY.startsWith('file:')) return { kind: 'file', path: env.MASTER_KEY.slice('file:'.length) };
    const { MASTER_KEY_IDENTITY_CLIENT_ID: clientId, PREVIOUS_MASTER_KEY: before } = env;
    const location = vaultOf(env.MASTER_KEY, clientId);
    if (!inVault('keys').test(env.MASTER_KEY)) return { kind: 'secret', ...location };
    const previous = before === undefined ? undefined : ({ kind: 'secret', ...vaultOf(before, clientId) } as const);
    return { kind: 'key', ...location, previous };
  });

/** When keys under an older version of the master key are rewrapped under the newest one. */
const keyRotation = z
  .object({ KEY_ROTATION_SCHEDULE: text.default('0 0 * * * *') })
  .transform((env) => ({ schedule: env.KEY_ROTATION_SCHEDULE }));

/**
 * When messages for partners are sent, and whether addresses that are not on the internet are allowed. In Azure they are not, because
 * a partner's address would lead into the network of the apps.
 */
const webhooks = z
  .object({
    WEBHOOK_SCHEDULE: text.default('*/5 * * * * *'),
    WEBHOOK_ALLOW_PRIVATE_ADDRESSES: z.enum(['true', 'false'], 'must be true or false').default('false'),
    WEBSITE_SITE_NAME: z.string().optional(),
  })
  .refine((env) => !isAzure(env) || env.WEBHOOK_ALLOW_PRIVATE_ADDRESSES === 'false', {
    path: ['WEBHOOK_ALLOW_PRIVATE_ADDRESSES'],
    message: 'is true, which is allowed on a developer machine only',
  })
  .transform((env) => ({
    schedule: env.WEBHOOK_SCHEDULE,
    allowPrivateAddresses: env.WEBHOOK_ALLOW_PRIVATE_ADDRESSES === 'true',
  }));

/** Storage of the data lake. Undefined: there is none, and nothing brings its tables up to date. */
const lake = optionalConnection('LakeConnection', 'blobServiceUri');

/** When the tables of the data lake are brought up to date with the captured events. */
const lakeSchedule = z.object({ LAKE_SCHEDULE: text.default('0 */5 * * * *') }).transform((env) => env.LAKE_SCHEDULE);

/** The lake whose files DuckDB reads for reports, on a developer machine only: the deployed app does not contain DuckDB. */
const reportsLake = z
  .object({ LakeConnection: text.optional(), WEBSITE_SITE_NAME: z.string().optional() })
  .refine((env) => !isAzure(env) || env.LakeConnection === undefined, {
    path: ['LakeConnection'],
    message: 'is for a developer machine: set REPORTS_SQL_CONNECTION_STRING instead',
  })
  .transform(({ LakeConnection: connectionString }): Connection | undefined =>
    connectionString === undefined ? undefined : { kind: 'connectionString', connectionString },
  );

/** The SQL endpoint of the data lake, and the time limit of a report, which is below that of Azure's load balancer. */
const reports = z
  .object({
    // Empty where the template has no SQL endpoint.
    REPORTS_SQL_CONNECTION_STRING: z.string().optional(),
    REPORTS_SQL_IDENTITY_CLIENT_ID: text.optional(),
    REPORT_TIMEOUT_SECONDS: z.coerce.number('must be a number of seconds').min(1).max(200).default(30),
  })
  .transform((env) => ({
    limitMs: env.REPORT_TIMEOUT_SECONDS * 1000,
    connectionString: env.REPORTS_SQL_CONNECTION_STRING || undefined,
    identityClientId: env.REPORTS_SQL_IDENTITY_CLIENT_ID,
  }));

const eventHub = connection('EventHubConnection', 'fullyQualifiedNamespace');
const storage = connection('AzureWebJobsStorage', 'blobServiceUri');
const cosmos = connection('CosmosConnection', 'accountEndpoint');
const webPubSub = connection('WebPubSubConnection', 'endpoint');
const webPubSubHub = z.object({ WEB_PUBSUB_HUB: text.default('orders') }).transform((env) => env.WEB_PUBSUB_HUB);
const push = { webPubSub, webPubSubHub };
const cosmosDatabase = z.object({ COSMOS_DATABASE: text.default('orders') }).transform((env) => env.COSMOS_DATABASE);

const commands = z.object({
  auth,
  gateway,
  telemetry,
  sql,
  orders,
  orderExpiry,
  outbox,
  masterKey,
  keyRotation,
  eventHub,
});
const sync = z.object({
  auth,
  gateway,
  telemetry,
  sql,
  replay,
  webhooks,
  masterKey,
  keyRotation,
  eventHub,
  storage,
  cosmos,
  cosmosDatabase,
  lake,
  lakeSchedule,
  ...push,
});
/** Whether the catalogue can be read without a token. */
const catalogueAnonymous = z
  .object({ CATALOGUE_ANONYMOUS: z.enum(['true', 'false'], 'must be true or false').default('false') })
  .transform((env) => env.CATALOGUE_ANONYMOUS === 'true');

/** Where the documentation page gets tokens of the development issuer: a port of 127.0.0.1, which only a developer machine has. */
const developmentTokenPort = z
  .object({
    DEVELOPMENT_TOKEN_PORT: z.coerce.number('must be a port').int('must be a port').min(1).max(65_535).optional(),
    WEBSITE_SITE_NAME: z.string().optional(),
  })
  .refine((env) => !isAzure(env) || env.DEVELOPMENT_TOKEN_PORT === undefined, {
    path: ['DEVELOPMENT_TOKEN_PORT'],
    message: 'is the port of a development issuer, which is not allowed in Azure: remove it',
  })
  .transform((env) => env.DEVELOPMENT_TOKEN_PORT);

const queries = z.object({
  auth,
  gateway,
  telemetry,
  cosmos,
  cosmosDatabase,
  catalogueAnonymous,
  developmentTokenPort,
  reports,
  reportsLake,
  ...push,
});

export type CommandsConfig = z.output<typeof commands>;
export type SyncConfig = z.output<typeof sync>;
export type QueriesConfig = z.output<typeof queries>;

/** Reads the settings of the command app. Throws ConfigError. */
export const commandsConfig = (env: Environment): CommandsConfig => read(commands, env);
/** Reads the settings of the sync app. Throws ConfigError. */
export const syncConfig = (env: Environment): SyncConfig => read(sync, env);
/** Reads the settings of the query app. Throws ConfigError. */
export const queriesConfig = (env: Environment): QueriesConfig => read(queries, env);

/** Each part of the shape reads the whole environment. The last segment of an issue's path is the setting's name. */
function read<Shape extends z.ZodObject>(shape: Shape, env: Environment): z.output<Shape> {
  const result = shape.safeParse(Object.fromEntries(Object.keys(shape.shape).map((part) => [part, env])));
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map(({ path, message }) => `${String(path.at(-1))}: ${message}`));
}
