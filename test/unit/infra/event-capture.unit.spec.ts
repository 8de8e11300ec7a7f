import { describe, expect, it } from 'vitest';
import { ORDER_EVENTS_HUB } from '../../../src/shared/event-hubs/hub.ts';
import { ofType, plainName, propertyOf, SNAPSHOTS } from '../../support/infra/snapshots.ts';

describe.each(SNAPSHOTS)('the capture of events for %s', (_, snapshot) => {
  const hub = ofType(snapshot, 'Microsoft.EventHub/namespaces/eventhubs').find(
    (one) => plainName(one) === `evhns-orders/${ORDER_EVENTS_HUB}`,
  );
  const capture = (path: string) => propertyOf(hub, `properties.captureDescription.${path}`);

  it('is on', () => {
    expect(capture('enabled')).toBe(true);
    expect(capture('encoding')).toBe('Avro');
  });

  it('writes into a container that there is, as an identity that the namespace has', () => {
    const lake = ofType(snapshot, 'Microsoft.Storage/storageAccounts').find((one) => plainName(one) === 'stlake');
    const containers = ofType(snapshot, 'Microsoft.Storage/storageAccounts/blobServices/containers').map(plainName);
    const [namespace] = ofType(snapshot, 'Microsoft.EventHub/namespaces');

    expect(capture('destination.properties.storageAccountResourceId')).toBe(lake?.id);
    expect(containers).toContain(`stlake/default/${capture('destination.properties.blobContainer')}`);
    expect(Object.keys(Object(propertyOf(namespace, 'identity.userAssignedIdentities')))).toEqual([
      capture('destination.identity.userAssignedIdentity'),
    ]);
  });
});
