import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Meter, type MeterProvider, metrics } from '@opentelemetry/api';
import { afterAll, describe, expect, it } from 'vitest';
import * as instruments from '../../../src/shared/telemetry/metrics.ts';
import { FILES, ofType, propertyOf, ROOT, SNAPSHOTS, scopeOf } from '../../support/infra/snapshots.ts';

/** The names of the instruments that the code has, by making each of them. */
function measuredNames(): readonly string[] {
  const names: string[] = [];
  const create = (name: string) => {
    names.push(name);
    return { add: () => undefined, record: () => undefined };
  };
  const meter: Partial<Meter> = { createCounter: create, createHistogram: create, createGauge: create };
  metrics.setGlobalMeterProvider({ getMeter: () => meter } as MeterProvider); // the code makes no other kinds
  for (const instrument of Object.values(instruments)) {
    if ('add' in instrument) instrument.add(1, {});
    else instrument.record(1, {});
  }
  return names;
}

/** The texts of what is recorded with each measurement: `{ read_model: readModel }`. */
const RECORDED = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join(ROOT, 'src', path), 'utf8'))
  .flatMap((text) =>
    [...text.matchAll(/\.(?:add|record)\([^;]*?\{([^}]*)\}\)/g)].map(([, attributes = '']) => attributes),
  )
  .join('\n');

/** All queries over telemetry: of the alerts and of the workbook. */
const QUERIES = [FILES.get('infra/modules/alerts.bicep') ?? '', FILES.get('infra/workbook.json') ?? ''].join('\n');

const namesIn = (text: string, pattern: RegExp) => [
  ...new Set([...text.matchAll(pattern)].map(([, name = '']) => name)),
];

describe('alerts and workbook', () => {
  const measured = measuredNames();
  afterAll(() => metrics.disable());

  it('ask for metrics that the code has', () => {
    const asked = namesIn(QUERIES, /'(cqrs\.\w+)'/g);

    expect(asked).not.toEqual([]);
    expect(asked.filter((name) => !measured.includes(name))).toEqual([]);
  });

  it('use every metric that the code has', () => {
    expect(measured.filter((name) => !QUERIES.includes(`'${name}'`))).toEqual([]);
  });

  it('ask for attributes that the code records', () => {
    const asked = namesIn(QUERIES, /\bProperties\.(\w+)/g);

    expect(asked.filter((name) => !new RegExp(`\\b${name}\\b`).test(RECORDED))).toEqual([]);
  });
});

describe.each(SNAPSHOTS)('alerts for %s', (_, snapshot) => {
  const alerts = ['Microsoft.Insights/scheduledQueryRules', 'Microsoft.Insights/metricAlerts'].flatMap((type) =>
    ofType(snapshot, type),
  );

  it.each([
    ['lag', 'cqrs.sync_lag'],
    ['stale read models', 'cqrs.read_model_freshness'],
    ['the outbox', 'cqrs.outbox_age'],
    ['a growing outbox', 'cqrs.outbox_size'],
    ['dead letters', 'cqrs.dead_letters'],
    ['dead letters that wait', 'cqrs.dead_letters_waiting'],
    ['failing replays', 'cqrs.replay_failed_runs'],
    ['retries', 'cqrs.retries'],
    ['commands that are sent again', 'cqrs.idempotent_replays'],
    ['refusals', 'cqrs.refusals'],
    ['slow commands', 'cqrs.command_duration'],
    ['failing commands', 'cqrs.commands'],
    ['slow queries', 'cqrs.query_duration'],
    ['many erasures', 'EraseCustomer'],
  ])('include one for %s', (_, metric) => {
    expect(JSON.stringify(alerts.map((alert) => propertyOf(alert, 'properties.criteria')))).toContain(`'${metric}'`);
  });

  it('notify somebody', () => {
    const groups = ofType(snapshot, 'Microsoft.Insights/actionGroups');
    const actions = alerts.map((alert) => JSON.stringify(propertyOf(alert, 'properties.actions')));

    expect(groups).toHaveLength(1);
    expect(actions).not.toEqual([]);
    for (const action of actions) expect(action).toContain(`"${groups[0]?.id}"`);
  });
});

/** Resources whose logs or metrics someone will ask for. */
const WATCHED = [
  'Microsoft.ApiManagement/service',
  'Microsoft.DocumentDB/databaseAccounts',
  'Microsoft.EventHub/namespaces',
  'Microsoft.KeyVault/vaults',
  'Microsoft.SignalRService/webPubSub',
  'Microsoft.Sql/servers/databases',
  'Microsoft.Storage/storageAccounts',
  'Microsoft.Web/sites',
];

describe.each(SNAPSHOTS)('diagnostic settings for %s', (_, snapshot) => {
  const watched = new Set(ofType(snapshot, 'Microsoft.Insights/diagnosticSettings').map(scopeOf));

  it.each(WATCHED)('are made for each %s', (type) => {
    const ids = ofType(snapshot, type).map(({ id }) => id);

    expect(ids).not.toEqual([]);
    expect(ids.filter((id) => !watched.has(id))).toEqual([]);
  });

  it('are made for the search service, where there is one', () => {
    const ids = ofType(snapshot, 'Microsoft.Search/searchServices').map(({ id }) => id);

    expect(ids.filter((id) => !watched.has(id))).toEqual([]);
  });
});
