/** Limits of Azure's services, each with the page that says so. Rates are per second. */

/** https://learn.microsoft.com/azure/event-hubs/event-hubs-quotas */
export const EVENT_HUBS = {
  /** Of a throughput unit (Standard). */
  bytesIn: 1e6,
  eventsIn: 1_000,
  bytesOut: 2e6,
  eventsOut: 4_096,
  /** Of a partition: https://learn.microsoft.com/azure/event-hubs/event-hubs-faq recommends a partition per throughput unit. */
  partitionBytesIn: 1e6,
  standardUnits: 40,
  standardPartitions: 32,
  /** https://learn.microsoft.com/azure/event-hubs/event-hubs-scalability: 5 to 10 MB/s in and 10 to 20 MB/s out per processing unit. */
  unitsPerProcessingUnit: 5,
  premiumUnits: 16,
  premiumPartitions: 100,
  /** https://learn.microsoft.com/azure/event-hubs/event-hubs-dedicated-overview: Microsoft's benchmark, batches of 100 events of 1 KB. */
  unitsPerCapacityUnit: 100,
  dedicatedUnits: 20,
  dedicatedPartitions: 1_024,
} as const;

/** https://learn.microsoft.com/azure/cosmos-db/concepts-limits */
export const COSMOS_DB = {
  /** Request units of a physical and of a logical partition. */
  partitionRequestUnits: 10_000,
  physicalPartitionGb: 50,
  logicalPartitionGb: 20,
  /** The maximum of autoscale is at least this, for each GB that a container holds. */
  requestUnitsPerGb: 10,
  /** Of a container, without a support request. */
  containerRequestUnits: 1_000_000,
} as const;

/** https://learn.microsoft.com/azure/azure-sql/database/resource-limits-vcore-single-databases */
export const AZURE_SQL = {
  vCores: [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 32, 40, 80],
  workersPerVCore: 100,
  sessions: 30_000,
  /** MB/s of log per vCore, and at most (GP_Gen5). */
  generalPurposeLogPerVCore: 4.5,
  generalPurposeLog: 50,
  /** MB/s of log (HS_Gen5), of any size. */
  hyperscaleLog: 100,
  hyperscaleGb: 128_000,
  /** With 2 or 4 vCores. Data beyond that needs more vCores, and then Hyperscale costs less. */
  generalPurposeGb: 1_024,
} as const;

/** https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan: instances per function group, with a core each at 2,048 MB. */
export const FUNCTIONS = { instances: 1_000, instanceGb: 2 } as const;

/** https://azure.microsoft.com/pricing/details/api-management: estimated throughput of a unit of Standard; 10 units at most in Standard v2. */
export const API_MANAGEMENT = { requests: 2_500, units: 10 } as const;

/** https://learn.microsoft.com/azure/key-vault/general/service-limits: operations with an RSA key in 10 s, per vault. */
export const KEY_VAULT = { rsa3072: 100, rsa2048: 400 } as const;

/** https://learn.microsoft.com/azure/storage/common/scalability-targets-standard-account */
export const STORAGE = { requests: 20_000 } as const;

/** https://learn.microsoft.com/azure/azure-monitor/service-limits: 6 GB a minute of a workspace. */
export const LOG_ANALYTICS = { bytes: 100e6 } as const;
