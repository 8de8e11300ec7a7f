import type { CountedLife } from './counted.ts';
import { demandOf } from './demand.ts';
import { EVENT_HUBS } from './limits.ts';
import type { Resource } from './resource.ts';
import { resources } from './resources.ts';
import type { TemplateSizes } from './template-sizes.ts';
import type { Workload } from './workload.ts';

/** When a resource runs out, in orders per second. */
export interface Break {
  readonly resource: Resource;
  /** With what `infra/prod.bicepparam` deploys. */
  readonly deployed: number;
  /** With the most that one system can have. */
  readonly most: number;
}

const FROM = 0.001;
const TO = 1e8;

/** When each resource runs out, sorted by rate. The shape of the orders is that of the workload. */
export function breaksOf(
  shape: Omit<Workload, 'ordersPerSecond'>,
  counted: readonly CountedLife[],
  sizes: TemplateSizes,
): readonly Break[] {
  const rateOf = (resource: Resource, capacity: number, partitions: number) =>
    highestRate(
      (ordersPerSecond) => resource.needed(demandOf({ ...shape, ordersPerSecond }, counted, partitions)) <= capacity,
    );
  return resources(sizes)
    .map((resource) => ({
      resource,
      deployed: rateOf(resource, resource.deployed, sizes.eventHubsPartitions),
      most: rateOf(resource, resource.most, EVENT_HUBS.standardPartitions),
    }))
    .toSorted((a, b) => a.deployed - b.deployed);
}

/** The highest rate (orders per second) that fits, to within a thousandth. Needs never fall when the rate rises. */
function highestRate(fits: (ordersPerSecond: number) => boolean): number {
  let [low, high] = [FROM, TO];
  if (fits(high)) return Number.POSITIVE_INFINITY;
  while (high / low > 1.001) {
    const middle = Math.sqrt(low * high);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
