import { describe, expect, it } from 'vitest';
import { ConfigError, type Environment } from '../../../src/shared/config/environment.ts';
import { commandsConfig, queriesConfig, syncConfig } from '../../../src/shared/config.ts';

const VALID: Environment = {
  SQL_CONNECTION_STRING: 'sqlite:orders.db',
  MASTER_KEY: 'https://vault.example.net/secrets/master-key',
  EventHubConnection: 'Endpoint=sb://localhost',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  CosmosConnection: 'AccountEndpoint=http://localhost:8081/',
  WebPubSubConnection: 'Endpoint=http://localhost:8082;AccessKey=local;Version=1.0;',
  AUTH_ISSUER: 'https://issuer.example.com',
  AUTH_AUDIENCE: 'api://orders',
  AUTH_ALLOWED_CLIENTS: 'shop, admin-page',
  AUTH_JWKS_URI: 'https://issuer.example.com/keys',
};

/** In Azure, the apps take requests of the gateway only. */
const IN_AZURE: Environment = {
  ...VALID,
  WEBSITE_SITE_NAME: 'orders',
  SQL_CONNECTION_STRING: 'Server=tcp:orders',
  GATEWAY_ISSUER: 'https://login.example.com/a-tenant/v2.0',
  GATEWAY_AUDIENCE: 'api-client-id',
  GATEWAY_CLIENT_ID: 'gateway-client-id',
  GATEWAY_JWKS_URI: 'https://login.example.com/a-tenant/keys',
};

/** The problems with the settings, one per entry. */
function problems(read: (env: Environment) => unknown, env: Environment): readonly string[] {
  try {
    read(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.replace('  - ', ''));
  }
}

describe('settings', () => {
  it('are validated together, so that every missing one is reported', () => {
    expect(problems(commandsConfig, {})).toEqual([
      'AUTH_ISSUER: is not set',
      'AUTH_AUDIENCE: is not set',
      'AUTH_ALLOWED_CLIENTS: is not set',
      'AUTH_JWKS_URI: is not set',
      'SQL_CONNECTION_STRING: is not set',
      'MASTER_KEY: is not set',
      expect.stringMatching(/^EventHubConnection: is not set: set a connection string, or EventHubConnection__/),
    ]);
  });

  it.each([
    [
      'sync',
      syncConfig,
      [
        'AUTH_ISSUER',
        'AUTH_AUDIENCE',
        'AUTH_ALLOWED_CLIENTS',
        'AUTH_JWKS_URI',
        'SQL_CONNECTION_STRING',
        'MASTER_KEY',
        'EventHubConnection',
        'AzureWebJobsStorage',
        'CosmosConnection',
        'WebPubSubConnection',
      ],
    ],
    [
      'queries',
      queriesConfig,
      [
        'AUTH_ISSUER',
        'AUTH_AUDIENCE',
        'AUTH_ALLOWED_CLIENTS',
        'AUTH_JWKS_URI',
        'CosmosConnection',
        'WebPubSubConnection',
      ],
    ],
  ] as const)('of the %s app are limited to those that it uses', (_app, read, names) => {
    expect(problems(read, {}).map((problem) => problem.split(':')[0])).toEqual(names);
  });

  it.each([
    ['SQL_CONNECTION_STRING', '', 'is empty'],
    [
      'MASTER_KEY',
      'https://vault.example.net/certificates/k',
      'must be https://<vault>.vault.azure.net/keys/<name> or …/secrets/<name> (or file:<path> on a developer machine)',
    ],
    ['AUTH_CUSTOMER_CLAIM', '', 'is empty'],
    ['AUTH_ALLOWED_CLIENTS', '', 'is empty'],
    ['AUTH_ALLOWED_CLIENTS', 'shop,', 'must be client ids, separated by commas'],
    ['AUTH_MAX_TOKEN_HOURS', 'a day', 'must be a number of hours'],
    ['DEFAULT_CURRENCY', 'usd', 'must be an ISO 4217 code such as USD'],
    ['MAX_OPEN_DRAFTS', '1.5', 'must be a whole number'],
    ['CUSTOMER_ORDER_IDS', 'guid', 'must be any or uuid'],
    ['ERASURE_NEEDS_SECOND_PERSON', 'yes', 'must be true or false'],
    ['OUTBOX_RELAY_AFTER_SECONDS', 'soon', 'must be a number of seconds'],
    ['ORDER_EXPIRY_DAYS', 'a week', 'must be a number of days'],
    ['EVENT_ARCHIVE_DAYS', '0.5', 'must be 0, or at least 1 day'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost', 'must be a URL such as http://localhost:4318'],
    [
      'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
      'Authorization=AAD',
      'must be ClientId=<client id of the identity>;Authorization=AAD',
    ],
    ['AUTH_JWKS_URI', 'http://issuer.example.com', 'must start with https:// (or file: on a developer machine)'],
  ])('with %s=%s are rejected', (name, value, message) => {
    expect(problems(commandsConfig, { ...VALID, [name]: value })).toEqual([`${name}: ${message}`]);
  });

  it('have defaults', () => {
    expect(queriesConfig(VALID).auth).toMatchObject({ customerClaim: 'customerId', maxTokenSeconds: 86_400 });
    expect(queriesConfig(VALID).webPubSubHub).toBe('orders');
    const { orders, outbox, orderExpiry, eventArchive } = commandsConfig(VALID);
    expect({ orders, outbox, orderExpiry, eventArchive }).toEqual({
      orders: {
        defaultCurrency: 'USD',
        customerOrderIds: 'any',
        maxOpenDrafts: 1_000,
        erasureNeedsSecondPerson: false,
        deadlineMs: 30_000,
      },
      outbox: { schedule: '*/10 * * * * *', olderThanMs: 5_000 },
      orderExpiry: { schedule: '0 * * * * *', expireAfterMs: 604_800_000 },
      eventArchive: { schedule: '30 * * * * *', archiveAfterMs: 3_024_000_000 },
    });
    expect(syncConfig(VALID).replay).toEqual({ schedule: '*/5 * * * * *' });
  });
});

it.each([
  ['true', true],
  ['false', false],
])('an erasure needs a second person when the setting is %s', (value, expected) => {
  const { orders } = commandsConfig({ ...VALID, ERASURE_NEEDS_SECOND_PERSON: value });
  expect(orders.erasureNeedsSecondPerson).toBe(expected);
});

it('the allowed clients are a list', () => {
  expect(queriesConfig(VALID).auth.allowedClients).toEqual(new Set(['shop', 'admin-page']));
});

it('telemetry is sent with the identity that the host uses', () => {
  const env = { ...VALID, APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=client-1;Authorization=AAD' };
  expect(queriesConfig(env).telemetry.azureMonitorClientId).toBe('client-1');
});

describe('the development issuer', () => {
  const withFile = { ...VALID, AUTH_JWKS_URI: 'file:.data/jwks.json' };

  it('is accepted on a developer machine', () => {
    expect(commandsConfig(withFile).auth.jwksUri).toBe('file:.data/jwks.json');
  });

  it.each([
    ['commands', commandsConfig],
    ['queries', queriesConfig],
  ] as const)('is rejected by the %s app in Azure', (_app, read) => {
    expect(problems(read, { ...IN_AZURE, AUTH_JWKS_URI: 'file:.data/jwks.json' })).toEqual([
      expect.stringMatching(
        /^AUTH_JWKS_URI: is a file with the keys of the development issuer, which is not allowed in Azure/,
      ),
    ]);
  });
});

describe('the port where the documentation page gets development tokens', () => {
  it('is not there by default', () => {
    expect(queriesConfig(VALID).developmentTokenPort).toBeUndefined();
    expect(queriesConfig({ ...VALID, DEVELOPMENT_TOKEN_PORT: '4321' }).developmentTokenPort).toBe(4321);
  });

  it('is rejected in Azure', () => {
    expect(problems(queriesConfig, { ...IN_AZURE, DEVELOPMENT_TOKEN_PORT: '4321' })).toEqual([
      expect.stringMatching(
        /^DEVELOPMENT_TOKEN_PORT: is the port of a development issuer, which is not allowed in Azure/,
      ),
    ]);
    expect(problems(queriesConfig, IN_AZURE)).toEqual([]);
  });

  it.each(['4321/x', 'attacker.example', '0', '70000'])('cannot be %s', (port) => {
    expect(problems(queriesConfig, { ...VALID, DEVELOPMENT_TOKEN_PORT: port })).toEqual([
      expect.stringMatching(/^DEVELOPMENT_TOKEN_PORT: /),
    ]);
  });
});

describe('the gateway', () => {
  const { GATEWAY_CLIENT_ID: _, ...withoutClient } = IN_AZURE;
  const apps = [
    ['commands', commandsConfig],
    ['sync', syncConfig],
    ['queries', queriesConfig],
  ] as const;

  it.each(apps)('is read by the %s app', (_app, read) => {
    expect(read(IN_AZURE).gateway).toEqual({
      issuer: 'https://login.example.com/a-tenant/v2.0',
      audience: 'api-client-id',
      clientId: 'gateway-client-id',
      jwksUri: 'https://login.example.com/a-tenant/keys',
    });
  });

  it.each(apps)('may be left out of the settings of the %s app on a developer machine', (_app, read) => {
    expect(read(VALID).gateway).toBeUndefined();
  });

  it.each(apps)('cannot be left out of the settings of the %s app in Azure', (_app, read) => {
    const inAzure = { ...VALID, WEBSITE_SITE_NAME: 'orders', SQL_CONNECTION_STRING: 'Server=tcp:orders' };
    expect(problems(read, inAzure)).toEqual(
      ['ISSUER', 'AUDIENCE', 'CLIENT_ID', 'JWKS_URI'].map((name) => `GATEWAY_${name}: is not set`),
    );
  });

  it('cannot be named by only some of its settings', () => {
    const { WEBSITE_SITE_NAME: __, ...onThisMachine } = withoutClient;
    expect(problems(queriesConfig, onThisMachine)).toEqual(['GATEWAY_CLIENT_ID: is not set']);
  });

  it('cannot have its keys in a file in Azure', () => {
    expect(problems(queriesConfig, { ...IN_AZURE, GATEWAY_JWKS_URI: 'file:keys.json' })).toEqual([
      expect.stringMatching(/^GATEWAY_JWKS_URI: is a file/),
    ]);
  });
});

describe('webhooks', () => {
  it('are delivered every five seconds to public addresses, by default', () => {
    expect(syncConfig(VALID).webhooks).toEqual({ schedule: '*/5 * * * * *', allowPrivateAddresses: false });
  });

  it('may be delivered to private addresses on a developer machine', () => {
    const env = { ...VALID, WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'true', WEBHOOK_SCHEDULE: '0 * * * * *' };
    expect(syncConfig(env).webhooks).toEqual({ schedule: '0 * * * * *', allowPrivateAddresses: true });
  });

  it('cannot allow private addresses in Azure', () => {
    expect(problems(syncConfig, { ...IN_AZURE, WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'true' })).toEqual([
      'WEBHOOK_ALLOW_PRIVATE_ADDRESSES: is true, which is allowed on a developer machine only',
    ]);
  });
});

describe('the setting', () => {
  const endpoint = 'https://orders.search.windows.net';

  it.each([
    ['absent', {}],
    ['empty', { SEARCH_ENDPOINT: '' }],
  ])('of search that is %s leaves searches to Cosmos DB', (_what, env) => {
    expect(queriesConfig({ ...VALID, ...env }).search).toBeUndefined();
    expect(syncConfig({ ...VALID, ...env }).search).toBeUndefined();
  });

  it('of search names a service, the identity that signs in, and the generation of the indexes', () => {
    const env = { ...IN_AZURE, SEARCH_ENDPOINT: endpoint, SEARCH_IDENTITY_CLIENT_ID: 'client-1' };
    expect(queriesConfig(env).search).toEqual({ endpoint, clientId: 'client-1', apiKey: undefined });
    const { search, searchIndexes } = syncConfig({ ...env, SEARCH_INDEX_GENERATION: '2' });
    expect(search).toEqual({ endpoint, clientId: 'client-1', apiKey: undefined });
    expect(searchIndexes).toEqual({ schedule: '*/15 * * * * *', generation: 2 });
  });

  it.each([
    [
      'http://localhost:8083',
      'SEARCH_ENDPOINT: is an address without TLS, which is allowed on a developer machine only',
    ],
    ['http://search.example.com', 'SEARCH_ENDPOINT: must be https://<service>.search.windows.net'],
  ])('of search is refused in Azure: %s', (address, problem) => {
    for (const read of [syncConfig, queriesConfig]) {
      const found = problems(read, { ...IN_AZURE, SEARCH_ENDPOINT: address, SEARCH_API_KEY: 'key' });
      expect(found).toContainEqual(expect.stringContaining(problem));
      expect(found).toContainEqual(expect.stringMatching(/^SEARCH_API_KEY: is a key/));
    }
  });
});

describe('the data lake', () => {
  const STORAGE = 'UseDevelopmentStorage=true';
  const SQL = 'Server=lake.example.net;Database=orders_lake';

  it('is optional, and its tables are brought up to date every five minutes by default', () => {
    expect(syncConfig(VALID)).toMatchObject({ lake: undefined, lakeSchedule: '0 */5 * * * *' });
    expect(queriesConfig({ ...VALID, REPORTS_SQL_CONNECTION_STRING: '' })).toMatchObject({
      reports: { limitMs: 30_000, connectionString: undefined },
      reportsLake: undefined,
    });
  });

  it('is storage that the sync app signs in to, and a SQL endpoint for reports', () => {
    const env = {
      ...IN_AZURE,
      LakeConnection__blobServiceUri: 'https://lake.example.net',
      LakeConnection__clientId: 'client-1',
      REPORTS_SQL_CONNECTION_STRING: SQL,
      REPORTS_SQL_IDENTITY_CLIENT_ID: 'client-2',
      REPORT_TIMEOUT_SECONDS: '5',
    };
    expect(syncConfig(env).lake).toEqual({
      kind: 'identity',
      endpoint: 'https://lake.example.net',
      clientId: 'client-1',
    });
    expect(queriesConfig(env).reports).toEqual({ limitMs: 5_000, connectionString: SQL, identityClientId: 'client-2' });
  });

  it('may be read by the query app itself on a developer machine', () => {
    expect(queriesConfig({ ...VALID, LakeConnection: STORAGE }).reportsLake).toEqual({
      kind: 'connectionString',
      connectionString: STORAGE,
    });
  });

  it('cannot be a connection string for the query app in Azure', () => {
    expect(problems(queriesConfig, { ...IN_AZURE, LakeConnection: STORAGE })).toEqual([
      'LakeConnection: is for a developer machine: set REPORTS_SQL_CONNECTION_STRING instead',
    ]);
  });
});

describe('the master key', () => {
  it('may be a secret in a key vault or a file', () => {
    expect(commandsConfig({ ...VALID, MASTER_KEY_IDENTITY_CLIENT_ID: 'client-1' }).masterKey).toEqual({
      kind: 'secret',
      vaultUrl: 'https://vault.example.net',
      name: 'master-key',
      clientId: 'client-1',
    });
    expect(syncConfig({ ...VALID, MASTER_KEY: 'file:.data/k.json' }).masterKey).toEqual({
      kind: 'file',
      path: '.data/k.json',
    });
  });

  it('may be a key in a key vault, which may replace a secret', () => {
    const inVault = { vaultUrl: 'https://vault.example.net', clientId: undefined };
    const env = { ...VALID, MASTER_KEY: 'https://vault.example.net/keys/wrapping' };
    expect(syncConfig(env).masterKey).toEqual({ kind: 'key', name: 'wrapping', previous: undefined, ...inVault });
    const PREVIOUS_MASTER_KEY = 'https://vault.example.net/secrets/master-key';
    expect(syncConfig({ ...env, PREVIOUS_MASTER_KEY }).masterKey).toMatchObject({
      kind: 'key',
      previous: { kind: 'secret', name: 'master-key', ...inVault },
    });
  });

  it.each([
    ['commands', commandsConfig],
    ['sync', syncConfig],
  ] as const)('cannot be a file for the %s app in Azure, where it would be lost', (_app, read) => {
    expect(problems(read, { ...IN_AZURE, MASTER_KEY: 'file:k.json' })).toEqual([
      expect.stringMatching(/^MASTER_KEY: is a file/),
    ]);
    expect(problems(read, IN_AZURE)).toEqual([]);
  });
});

it.each([
  ['commands', commandsConfig],
  ['sync', syncConfig],
] as const)(
  'the embedded write store is rejected by the %s app in Azure, where its file would be lost',
  (_app, read) => {
    expect(problems(read, { ...IN_AZURE, SQL_CONNECTION_STRING: 'sqlite:orders.db' })).toEqual([
      expect.stringMatching(/^SQL_CONNECTION_STRING: is a file/),
    ]);
    expect(problems(read, { ...IN_AZURE, SQL_REPLICA_CONNECTION_STRING: 'sqlite:orders.db' })).toEqual([
      expect.stringMatching(/^SQL_REPLICA_CONNECTION_STRING: is a file/),
    ]);
  },
);

describe('a connection', () => {
  const { EventHubConnection: _, ...withoutHub } = VALID;

  it('may be a connection string', () => {
    expect(commandsConfig(VALID).eventHub).toEqual({
      kind: 'connectionString',
      connectionString: 'Endpoint=sb://localhost',
    });
  });

  it('may be an endpoint that is used with the identity of the app', () => {
    const env = { ...withoutHub, EventHubConnection__fullyQualifiedNamespace: 'orders.servicebus.windows.net' };
    expect(commandsConfig(env).eventHub).toEqual({
      kind: 'identity',
      endpoint: 'orders.servicebus.windows.net',
      clientId: undefined,
    });
  });

  it('may have the client id of the identity', () => {
    const env = {
      ...VALID,
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
      CosmosConnection: '',
      CosmosConnection__accountEndpoint: 'https://orders.documents.azure.com',
      CosmosConnection__clientId: 'client-1',
    };
    expect(syncConfig(env).cosmos).toEqual({
      kind: 'identity',
      endpoint: 'https://orders.documents.azure.com',
      clientId: 'client-1',
    });
  });
});
