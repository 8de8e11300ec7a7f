import { describe, expect, it } from 'vitest';
import { CLOCK_TOLERANCE_SECONDS } from '../../../src/shared/clock-tolerance.ts';
import { READ_MODEL_CONTAINERS, SALES_LIVE, SHIPPING_BOARD } from '../../../src/shared/read-models/containers.ts';
import { COUNTED_FOR_MS } from '../../../src/shared/read-models/sales-live.ts';
import { KEEP_DONE_MS } from '../../../src/shared/read-models/shipping-board.ts';
import { ofType, propertyOf, SNAPSHOTS } from '../../support/infra/snapshots.ts';

describe.each(SNAPSHOTS)('the documents of read models in the template for %s', (_, snapshot) => {
  const containers = ofType(snapshot, 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers');
  const timeToLive = (name: string): unknown => {
    const container = containers.find((one) => propertyOf(one, 'properties.resource.id') === name);
    return container && propertyOf(container, 'properties.resource.defaultTtl');
  };

  it('of the live sales expire, but not while their orders can still be counted', () => {
    const seconds = Number(timeToLive(SALES_LIVE.name));
    expect(seconds).toBeGreaterThan(COUNTED_FOR_MS / 1_000 + CLOCK_TOLERANCE_SECONDS);
    expect(seconds).toBeLessThanOrEqual(3 * 86_400);
  });

  it('of the shipping board expire by a time of their own, longer after the delivery than a hub keeps events', () => {
    expect(timeToLive(SHIPPING_BOARD.name)).toBe(SHIPPING_BOARD.defaultTtl);
    const retentions = ofType(snapshot, 'Microsoft.EventHub/namespaces/eventhubs').map((hub) =>
      Number(propertyOf(hub, 'properties.retentionDescription.retentionTimeInHours')),
    );
    expect(KEEP_DONE_MS).toBeGreaterThan(Math.max(...retentions) * 3_600_000);
  });

  it('of every other read model stay', () => {
    const others = READ_MODEL_CONTAINERS.filter((one) => one !== SALES_LIVE && one !== SHIPPING_BOARD);
    expect(others.filter(({ name }) => typeof timeToLive(name) === 'number')).toEqual([]);
  });
});
