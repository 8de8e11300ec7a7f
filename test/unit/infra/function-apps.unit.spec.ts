import { describe, expect, it } from 'vitest';
import { functionsByApp } from '../../../scripts/generate/load-operations.ts';
import { CONSUMER_GROUPS } from '../../../src/shared/event-hubs/hub.ts';
import { FILES, ofType, plainName, propertyOf, SNAPSHOTS } from '../../support/infra/snapshots.ts';

const NAMES = Object.values(functionsByApp())
  .flat()
  .map((entry) => (entry.trigger === 'http' ? entry.operation.name : entry.name));

/** The names of groups of functions that an app keeps warm instances of. */
const warmGroups = (app: unknown): readonly string[] =>
  Object.values(Object(propertyOf(app, 'properties.functionAppConfig.scaleAndConcurrency.alwaysReady'))).map((group) =>
    String(propertyOf(group, 'name')),
  );

describe.each(SNAPSHOTS)('the instances that are always ready for %s', (environment, snapshot) => {
  const apps = ofType(snapshot, 'Microsoft.Web/sites');
  const functions = apps.flatMap(warmGroups).filter((name) => name !== 'http');

  it('run functions that the code has', () => {
    const names = functions.map((name) => name.replace(/^function:/, ''));

    expect(names.filter((name) => !NAMES.includes(name))).toEqual([]);
  });

  it('are those of the HTTP functions and of each projection, where there are any', () => {
    const expected =
      environment === 'prod' ? { http: 2, functions: CONSUMER_GROUPS.length } : { http: 0, functions: 0 };

    expect({ http: apps.flatMap(warmGroups).length - functions.length, functions: functions.length }).toEqual(expected);
    expect(functions.filter((name) => !name.startsWith('function:project'))).toEqual([]);
  });
});

describe('the function apps', () => {
  const text = FILES.get('infra/modules/apps.bicep') ?? '';
  const moduleOf = (app: string) => new RegExp(`^module ${app} '.*?^}$`, 'ms').exec(text)?.[0] ?? '';

  it.each([
    ['sync', 'commands'],
    ['queries', 'sync'],
  ])('join the subnet one after the other: %s after %s', (app, before) => {
    expect(moduleOf(app)).toMatch(new RegExp(`^  dependsOn: \\[${before}\\]$`, 'm'));
  });

  it.each(SNAPSHOTS)('refuse publishing passwords on both sites (%s)', (_, snapshot) => {
    const policies = ofType(snapshot, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies').map(plainName);
    const apps = ['commands', 'queries', 'sync'];

    expect(policies.sort()).toEqual(apps.flatMap((app) => [`func-orders-${app}/ftp`, `func-orders-${app}/scm`]));
  });
});

describe('the private endpoints', () => {
  it('are made one after the other, since a storage account takes one change at a time', () => {
    expect(FILES.get('infra/modules/private-endpoints.bicep')).toMatch(
      /^@batchSize\(1\)\nresource endpoints 'Microsoft\.Network\/privateEndpoints@/m,
    );
  });
});
