import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/shared/config/environment.ts';
import { commandsConfig, queriesConfig, syncConfig } from '../../../src/shared/config.ts';
import { ofType, plainName, propertyOf, SNAPSHOTS, type Snapshot } from '../../support/infra/snapshots.ts';

const APPS = { commands: commandsConfig, sync: syncConfig, queries: queriesConfig } as const;
type App = keyof typeof APPS;

const CASES = SNAPSHOTS.flatMap(([environment, snapshot]) =>
  (['commands', 'sync', 'queries'] as const).map((app) => [app, environment, snapshot] as const),
);

/** What the Functions host reads itself, and the Event Hubs trigger, by which name the code gives it. */
const READ_BY_THE_HOST =
  /^(AzureWebJobsStorage__\w+|EventHubConnection__credential|APPLICATIONINSIGHTS_\w+|FUNCTIONS_REQUEST_BODY_SIZE_LIMIT)$/;

/** Read by the code, but not for the template to set: Azure does, or it is for a developer's machine. */
const NOT_FOR_THE_TEMPLATE: ReadonlySet<string> = new Set([
  'WEBSITE_SITE_NAME',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'DEVELOPMENT_TOKEN_PORT',
  'EventHubConnection',
  'AzureWebJobsStorage',
  'CosmosConnection',
  'WebPubSubConnection',
  'SEARCH_API_KEY',
  'LakeConnection',
  // Only where a parameter asks for a replica.
  'SQL_REPLICA_CONNECTION_STRING',
]);

/** An app's settings, as the host gives them to the code; addresses that Azure makes up in their usual form. */
function settingsOf(snapshot: Snapshot, app: App): Environment {
  const settings = ofType(snapshot, 'Microsoft.Web/sites/config').find(
    (config) => plainName(config) === `func-orders-${app}/appsettings`,
  );
  const properties = settings && propertyOf(settings, 'properties');
  if (typeof properties !== 'object' || properties === null) throw new Error(`${app} has no settings.`);
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, inUsualForm(String(value))]));
}

const SEARCH_ADDRESS = /^\[reference\('[^']*\/Microsoft\.Search\/searchServices\/[^)]*\)\.endpoint\]$/;
const USUAL_FORMS: readonly (readonly [expression: RegExp, value: string])[] = [
  [/environment\(\)\.authentication\.loginEndpoint/, 'https://login.microsoftonline.com/a-tenant'],
  [/^reference\([^)]*\)\.vaultUri$/, 'https://kv-orders.vault.azure.net/'],
  [/^reference\([^)]*\)\.clientId$/, 'a-client-id'],
];

/** An address that only a deployment can tell, as Azure makes them. */
function inUsualForm(value: string): string {
  if (SEARCH_ADDRESS.test(value)) return 'https://srch-orders.search.windows.net/';
  const [, template = '', argument = ''] = /^\[format\('([^']*)', (.*)\)\]$/.exec(value) ?? [];
  const [, usual] = USUAL_FORMS.find(([pattern]) => pattern.test(argument)) ?? [];
  return usual === undefined ? value : template.replace('{0}', usual);
}

/** The settings that an app's code asks for, when it runs in Azure with these. */
function readBy(app: App, settings: Environment): ReadonlySet<string> {
  const names = new Set<string>();
  const environment = new Proxy<Environment>(
    { ...settings, WEBSITE_SITE_NAME: `func-orders-${app}` },
    {
      get: (target, name) => {
        names.add(String(name));
        return target[String(name)];
      },
    },
  );
  APPS[app](environment);
  return names;
}

describe('the settings of the apps in the template', () => {
  it.each(CASES)('let %s start in Azure (%s)', (app, _, snapshot) => {
    expect(() => readBy(app, settingsOf(snapshot, app))).not.toThrow();
  });

  it.each(CASES)('are all that the code of %s reads (%s)', (app, _, snapshot) => {
    const settings = settingsOf(snapshot, app);
    const missing = [...readBy(app, settings)].filter((name) => !NOT_FOR_THE_TEMPLATE.has(name) && !(name in settings));

    expect(missing).toEqual([]);
  });

  it.each(CASES)('are none that nobody reads in %s (%s)', (app, _, snapshot) => {
    const settings = settingsOf(snapshot, app);
    const read = readBy(app, settings);

    expect(Object.keys(settings).filter((name) => !read.has(name) && !READ_BY_THE_HOST.test(name))).toEqual([]);
  });

  it.each([
    ['dev', false],
    ['prod', true],
  ])('let the commands app erase a customer in %s only with a second person: %s', (environment, expected) => {
    const [, snapshot] = SNAPSHOTS.find(([name]) => name === environment) ?? [];
    if (snapshot === undefined) throw new Error(`There is no template for ${environment}.`);
    const { orders } = commandsConfig({
      ...settingsOf(snapshot, 'commands'),
      WEBSITE_SITE_NAME: 'func-orders-commands',
    });

    expect(orders.erasureNeedsSecondPerson).toBe(expected);
  });

  it.each(CASES)('sign %s in as its own identity and no other (%s)', (app, _, snapshot) => {
    const clientIds = Object.entries(settingsOf(snapshot, app)).filter(
      ([name]) => /client_?id$/i.test(name) && name !== 'GATEWAY_CLIENT_ID',
    );

    expect(clientIds.length).toBeGreaterThan(0);
    for (const [, clientId] of clientIds)
      expect(clientId).toMatch(
        new RegExp(`^\\[reference\\('[^']*/id-orders-${app}-\\w+', '[\\d-]+'\\)\\.clientId\\]$`),
      );
  });
});
