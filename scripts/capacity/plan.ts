import { type CountedLife, sum } from './counted.ts';
import { CONSUMERS, type Demand, demandOf } from './demand.ts';
import { ESTIMATES } from './estimates.ts';
import { type HubSize, hubSize } from './hub-size.ts';
import { API_MANAGEMENT, COSMOS_DB, FUNCTIONS, KEY_VAULT } from './limits.ts';
import { PRICES, SECONDS_PER_MONTH } from './prices.ts';
import { type SqlSize, sqlSize } from './sql-size.ts';
import type { Workload } from './workload.ts';

/** A read model's container. */
export interface ContainerSize {
  readonly readModel: string;
  /** Maximum RU/s of autoscale, in steps of 1,000. */
  readonly requestUnits: number;
  /** RU/s that are billed: a tenth of the maximum, or what is used. */
  readonly paidRequestUnits: number;
  readonly physicalPartitions: number;
}

/** The sizes that carry a workload, with room for peaks, and what they cost. */
export interface Plan {
  readonly workload: Workload;
  readonly demand: Demand;
  readonly gatewayUnits: number;
  readonly hub: HubSize;
  readonly sql: SqlSize;
  /** `secret` where the vault could not unwrap all data keys, if no cache has them. */
  readonly masterKeyKind: 'key' | 'secret';
  readonly containers: readonly ContainerSize[];
  readonly instances: { readonly commands: number; readonly sync: number; readonly queries: number };
  /** TB after the first year. */
  readonly storageTb: { readonly sql: number; readonly cosmos: number; readonly lake: number };
  /** USD for a month, by service. */
  readonly cost: Readonly<Record<string, number>>;
}

const UTILIZATION = ESTIMATES.utilization.value;
const TB = 1e12;
const GB = 1e9;

/** Plans the sizes for a workload. */
export function planOf(workload: Workload, counted: readonly CountedLife[]): Plan {
  const hub = hubSize((partitions) => demandOf(workload, counted, partitions));
  const demand = demandOf(workload, counted, hub.partitions);
  const sized = {
    gatewayUnits: atLeastOne((demand.commands + demand.reads) / API_MANAGEMENT.requests),
    hub,
    sql: sqlSize(demand),
    masterKeyKind: demand.unwraps / UTILIZATION <= KEY_VAULT.rsa3072 ? ('key' as const) : ('secret' as const),
    containers: containerSizes(demand),
    instances: {
      commands: atLeastOne(demand.commandCores),
      // Each consumer scales by itself, and has at most an instance per partition.
      sync: CONSUMERS * Math.min(hub.partitions, atLeastOne(demand.consumerCores)),
      queries: atLeastOne(demand.queryCores),
    },
    storageTb: { sql: demand.sqlYear / TB, cosmos: sum(demand.cosmosYear) / TB, lake: demand.lakeYear / TB },
  };
  return { workload, demand, ...sized, cost: costOf(demand, sized) };
}

/** How many are needed so that they are used up to the planned share. */
const atLeastOne = (used: number): number => Math.max(1, Math.ceil(used / UTILIZATION));

/** The sizes at the end of the first year, whose data each container has to hold. */
function containerSizes({ projecting, reading, cosmosYear }: Demand): readonly ContainerSize[] {
  return Object.keys(projecting).map((readModel) => {
    const used = ((projecting[readModel] ?? 0) + (reading[readModel] ?? 0)) / UTILIZATION;
    const gb = (cosmosYear[readModel] ?? 0) / GB;
    const least = gb * COSMOS_DB.requestUnitsPerGb;
    const requestUnits = Math.max(1, Math.ceil(Math.max(used, least) / 1_000)) * 1_000;
    return {
      readModel,
      requestUnits,
      paidRequestUnits: Math.max(requestUnits / 10, used * ESTIMATES.cosmosUse.value),
      physicalPartitions: Math.ceil(
        Math.max(requestUnits / COSMOS_DB.partitionRequestUnits, gb / COSMOS_DB.physicalPartitionGb),
      ),
    };
  });
}

/** USD for a month. Stored bytes are those of the first year; deploy.md has what every system costs besides. */
function costOf(demand: Demand, sized: Omit<Plan, 'workload' | 'demand' | 'cost'>): Readonly<Record<string, number>> {
  const { gatewayUnits, hub, sql, containers, storageTb } = sized;
  const millions = (perSecond: number) => (perSecond * SECONDS_PER_MONTH) / 1e6;
  const cores = demand.commandCores + demand.queryCores + demand.consumerCores * CONSUMERS;
  const paid = containers.reduce((total, { paidRequestUnits }) => total + paidRequestUnits, 0);
  const executions = demand.commands + demand.reads + (demand.events / demand.eventsPerBatch) * CONSUMERS;
  return {
    'API Management': gatewayUnits * PRICES.apiManagementUnit,
    'Azure SQL': sql.cost + storageTb.sql * 1_000 * sql.pricePerGb,
    'Key Vault': sized.masterKeyKind === 'key' ? millions(demand.unwraps) * PRICES.millionKeyOperations : 0,
    'Event Hubs': hub.cost + (hub.tier === 'Standard' ? millions(demand.events) * PRICES.millionEvents : 0),
    'Cosmos DB': (paid / 1_000) * PRICES.thousandRequestUnits + storageTb.cosmos * 1_000 * PRICES.cosmosGb,
    Functions:
      cores * FUNCTIONS.instanceGb * SECONDS_PER_MONTH * PRICES.functionGbSecond +
      millions(executions) * PRICES.millionExecutions,
    Storage: millions(demand.checkpoints) * PRICES.millionWrites + storageTb.lake * 1_000 * PRICES.storageGb,
    'Log Analytics': ((demand.telemetryBytes * SECONDS_PER_MONTH) / GB) * PRICES.logGb,
  };
}
