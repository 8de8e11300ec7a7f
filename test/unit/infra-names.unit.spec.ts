import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONSUMER_GROUPS, ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB } from '../../src/shared/event-hubs/hub.ts';
import { CONTAINERS } from '../../src/shared/read-models/containers.ts';
import { DEPLOYMENTS, made, plainName, propertyOf, ROOT, textOf } from '../support/infra.ts';

const HUBS = [ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB];

describe.each(DEPLOYMENTS)('the template for %s and the code', (_, deployment) => {
  it('name the same hubs', () => {
    const hubs = made(deployment, 'Microsoft.EventHub/namespaces/eventhubs').map((hub) => textOf(hub, 'name'));

    expect(hubs.sort()).toEqual([...HUBS].sort());
  });

  it('name the same consumer groups, in each hub', () => {
    const groups = made(deployment, 'Microsoft.EventHub/namespaces/eventhubs/consumergroups').map(plainName);
    const expected = HUBS.flatMap((hub) => CONSUMER_GROUPS.map((group) => `evhns-orders/${hub}/${group}`));

    expect(groups.sort()).toEqual(expected.sort());
  });

  it('name the same containers with the same partition keys', () => {
    const containers = made(deployment, 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers').map(
      (container) => ({
        name: textOf(container, 'name'),
        partitionKey: propertyOf(container, 'properties.resource.partitionKey.paths'),
      }),
    );
    const byName = (one: { readonly name: string }, other: { readonly name: string }) =>
      one.name.localeCompare(other.name);

    expect(containers.sort(byName)).toEqual(
      CONTAINERS.map(({ name, partitionKey }) => ({ name, partitionKey: [partitionKey] })).sort(byName),
    );
  });

  it('name the same read database', () => {
    const [database] = made(deployment, 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases');
    const names = made(deployment, 'Microsoft.Web/sites/config').flatMap(
      (config) => propertyOf(config, 'properties.COSMOS_DATABASE') ?? [],
    );

    expect(new Set(names)).toEqual(new Set([database && textOf(database, 'name')]));
  });

  it('mean the same Node.js', () => {
    const versions = made(deployment, 'Microsoft.Web/sites').map((site) =>
      textOf(site, 'properties.functionAppConfig.runtime.version'),
    );
    const built = /target: 'node(\d+)/.exec(readFileSync(join(ROOT, 'scripts/bundle.ts'), 'utf8'))?.[1];

    expect(versions).toHaveLength(3);
    for (const version of versions) expect(Number(version)).toBeGreaterThanOrEqual(Number(built));
  });
});

describe.each(DEPLOYMENTS)('the names of the resources for %s', (_, { resources }) => {
  it('can be told before the deployment, so that what-if shows all of it', () => {
    const ofResults = resources.map(({ fullName }) => fullName).filter((name) => /\.(properties|outputs)\./.test(name));

    expect(resources).not.toEqual([]);
    expect(ofResults).toEqual([]);
  });
});
