import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CONSUMER_GROUPS,
  LIVE_CONSUMER_GROUPS,
  ORDER_EVENTS_HUB,
  ORDER_EVENTS_REPLAY_HUB,
} from '../../../src/shared/event-hubs/hub.ts';
import { CONTAINERS, pathsOf } from '../../../src/shared/read-models/containers.ts';
import { ofType, plainName, propertyOf, ROOT, SNAPSHOTS, textOf } from '../../support/infra/snapshots.ts';

const HUBS = [ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB];

describe.each(SNAPSHOTS)('the template for %s and the code', (_, snapshot) => {
  it('name the same hubs', () => {
    const hubs = ofType(snapshot, 'Microsoft.EventHub/namespaces/eventhubs').map(plainName);

    expect(hubs.sort()).toEqual(HUBS.map((hub) => `evhns-orders/${hub}`).sort());
  });

  it('name the same consumer groups, in each hub', () => {
    const groups = ofType(snapshot, 'Microsoft.EventHub/namespaces/eventhubs/consumergroups').map(plainName);
    const expected = [
      ...LIVE_CONSUMER_GROUPS.map((group) => `evhns-orders/${ORDER_EVENTS_HUB}/${group}`),
      ...CONSUMER_GROUPS.map((group) => `evhns-orders/${ORDER_EVENTS_REPLAY_HUB}/${group}`),
    ];

    expect(groups.sort()).toEqual(expected.sort());
  });

  it('name the same containers with the same partition keys', () => {
    const containers = ofType(snapshot, 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers').map(
      (container) => ({
        name: textOf(container, 'properties.resource.id'),
        partitionKey: propertyOf(container, 'properties.resource.partitionKey.paths'),
      }),
    );
    const byName = (one: { readonly name: string }, other: { readonly name: string }) =>
      one.name.localeCompare(other.name);

    expect(containers.sort(byName)).toEqual(
      CONTAINERS.map((container) => ({ name: container.name, partitionKey: pathsOf(container) })).sort(byName),
    );
  });

  it('name the same read database', () => {
    const [database] = ofType(snapshot, 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases');
    const names = ofType(snapshot, 'Microsoft.Web/sites/config').flatMap(
      (config) => propertyOf(config, 'properties.COSMOS_DATABASE') ?? [],
    );

    expect(new Set(names)).toEqual(new Set([textOf(database, 'properties.resource.id')]));
  });

  it('mean the same Node.js', () => {
    const versions = ofType(snapshot, 'Microsoft.Web/sites').map((site) =>
      textOf(site, 'properties.functionAppConfig.runtime.version'),
    );
    const built = /target: 'node(\d+)/.exec(readFileSync(join(ROOT, 'scripts/bundle/options.ts'), 'utf8'))?.[1];

    expect(versions).toHaveLength(3);
    for (const version of versions) expect(Number(version)).toBeGreaterThanOrEqual(Number(built));
  });
});

describe.each(SNAPSHOTS)('the names of the resources for %s', (_, { resources }) => {
  it('are known before the deployment, so that what-if shows all of them', () => {
    expect(resources).not.toEqual([]);
    expect(resources.filter(({ id }) => /\breference\(/.test(id))).toEqual([]);
  });
});
