import * as z from 'zod';
import { auth, gateway } from './config/access.ts';
import { connection, optionalConnection } from './config/connection.ts';
import { azure, ConfigError, type Environment, inAzure, isAzure, text } from './config/environment.ts';
import { lake, lakeSchedule, reports, reportsLake } from './config/lake.ts';
import { masterKey } from './config/master-key.ts';
import { search, searchIndexes } from './config/search.ts';
import { telemetry } from './config/telemetry.ts';
import { sql } from './config/write-database.ts';
import { isCurrency } from './money.ts';

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

/** Days after which events move to the archive, unless `EVENT_ARCHIVE_DAYS` is set. */
export const DEFAULT_ARCHIVE_DAYS = 35;

/** When old events move to the archive and the records of their commands are deleted, and after how many days; 0: never. */
const eventArchive = z
  .object({
    EVENT_ARCHIVE_SCHEDULE: text.default('30 * * * * *'),
    EVENT_ARCHIVE_DAYS: z.coerce
      .number('must be a number of days')
      .max(3650)
      .refine((days) => days === 0 || days >= 1, 'must be 0, or at least 1 day')
      .default(DEFAULT_ARCHIVE_DAYS),
  })
  .transform((env) => ({ schedule: env.EVENT_ARCHIVE_SCHEDULE, archiveAfterMs: env.EVENT_ARCHIVE_DAYS * 86_400_000 }));

/** When unfinished replays are resumed. */
const replay = z
  .object({ REPLAY_SCHEDULE: text.default('*/5 * * * * *') })
  .transform((env) => ({ schedule: env.REPLAY_SCHEDULE }));

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
    ...azure,
  })
  .refine(
    ...inAzure(
      'WEBHOOK_ALLOW_PRIVATE_ADDRESSES',
      (allowed: string) => allowed === 'false',
      'is true, which is allowed on a developer machine only',
    ),
  )
  .transform((env) => ({
    schedule: env.WEBHOOK_SCHEDULE,
    allowPrivateAddresses: env.WEBHOOK_ALLOW_PRIVATE_ADDRESSES === 'true',
  }));

const eventHub = connection('EventHubConnection', 'fullyQualifiedNamespace');
const storage = connection('AzureWebJobsStorage', 'blobServiceUri');
const cosmos = connection('CosmosConnection', 'accountEndpoint');
const webPubSub = connection('WebPubSubConnection', 'endpoint');
const webPubSubHub = z.object({ WEB_PUBSUB_HUB: text.default('orders') }).transform((env) => env.WEB_PUBSUB_HUB);
const push = { webPubSub, webPubSubHub };

const cosmosDatabase = z.object({ COSMOS_DATABASE: text.default('orders') }).transform((env) => env.COSMOS_DATABASE);

/** The name of the instance in its figures, where there is only one: on a developer machine. Undefined in Azure. */
const instance = z.object(azure).transform((env) => (isAzure(env) ? undefined : 'local'));

const commands = z.object({
  auth,
  gateway,
  telemetry,
  sql,
  orders,
  orderExpiry,
  eventArchive,
  outbox,
  masterKey,
  keyRotation,
  eventHub,
  cosmos: optionalConnection('CosmosConnection', 'accountEndpoint'),
  cosmosDatabase,
  instance,
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
  instance,
  search,
  searchIndexes,
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
    ...azure,
  })
  .refine(
    ...inAzure(
      'DEVELOPMENT_TOKEN_PORT',
      () => false,
      'is the port of a development issuer, which is not allowed in Azure: remove it',
    ),
  )
  .transform((env) => env.DEVELOPMENT_TOKEN_PORT);

const queries = z.object({
  auth,
  gateway,
  telemetry,
  cosmos,
  cosmosDatabase,
  instance,
  search,
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
