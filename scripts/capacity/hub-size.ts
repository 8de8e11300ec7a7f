import type { Demand } from './demand.ts';
import { ESTIMATES } from './estimates.ts';
import { EVENT_HUBS } from './limits.ts';
import { PRICES } from './prices.ts';

/** The size of Event Hubs. */
export interface HubSize {
  readonly tier: 'Standard' | 'Premium' | 'Dedicated';
  /** Throughput, processing or capacity units, of all namespaces or clusters together. */
  readonly units: number;
  /** Namespaces or clusters, each with a part of the customers. */
  readonly hubs: number;
  /** Partitions of all hubs together. */
  readonly partitions: number;
  /** USD for a month, without events. */
  readonly cost: number;
}

const TIERS = [
  { tier: 'Standard', units: EVENT_HUBS.standardUnits, partitions: EVENT_HUBS.standardPartitions, does: 1 },
  {
    tier: 'Premium',
    units: EVENT_HUBS.premiumUnits,
    partitions: EVENT_HUBS.premiumPartitions,
    does: EVENT_HUBS.unitsPerProcessingUnit,
  },
  {
    tier: 'Dedicated',
    units: EVENT_HUBS.dedicatedUnits,
    partitions: EVENT_HUBS.dedicatedPartitions,
    does: EVENT_HUBS.unitsPerCapacityUnit,
  },
] as const;

/** A unit with capture, which Premium and Dedicated include. */
const UNIT_PRICES = {
  Standard: PRICES.throughputUnit + PRICES.captureUnit,
  Premium: PRICES.processingUnit,
  Dedicated: PRICES.capacityUnit,
} as const;

/**
 * The smallest tier that carries a workload in one namespace, else several Dedicated clusters.
 * @param demandWith what the workload asks for with a number of partitions
 */
export function hubSize(demandWith: (partitions: number) => Demand): HubSize {
  for (const { tier, units: most, partitions: mostPartitions, does } of TIERS) {
    const { throughputUnits, busyPartitions } = demandWith(mostPartitions);
    const units = Math.max(1, Math.ceil(throughputUnits / does / ESTIMATES.utilization.value));
    const partitions = Math.max(4, Math.ceil(busyPartitions / ESTIMATES.utilization.value));
    const fits = units <= most && partitions <= mostPartitions;
    if (!fits && tier !== 'Dedicated') continue;
    const hubs = Math.max(1, Math.ceil(units / most), Math.ceil(partitions / mostPartitions));
    // With fewer partitions, batches are larger, and fewer are busy.
    return { tier, units: Math.max(units, hubs), hubs, partitions, cost: Math.max(units, hubs) * UNIT_PRICES[tier] };
  }
  throw new Error('The last tier always fits.');
}
