import type { Demand } from './demand.ts';
import { ESTIMATES } from './estimates.ts';
import { AZURE_SQL } from './limits.ts';
import { PRICES } from './prices.ts';

/** The size of the write database, in three zones. */
export interface SqlSize {
  readonly sku: 'GP_Gen5' | 'HS_Gen5';
  /** Databases, each with a part of the customers. */
  readonly databases: number;
  /** Of each database. */
  readonly vCores: number;
  /** USD for a month, without storage. */
  readonly cost: number;
  readonly pricePerGb: number;
}

const MB = 1e6;
const GB = 1e9;

/** The least that carries a workload and the first year's data: General Purpose, else Hyperscale, else several databases. */
export function sqlSize({ sqlCores, logBytes, sqlYear }: Demand): SqlSize {
  const cores = sqlCores / ESTIMATES.utilization.value;
  const log = logBytes / MB / ESTIMATES.utilization.value;
  const { generalPurposeLog, generalPurposeLogPerVCore, generalPurposeGb, hyperscaleLog, hyperscaleGb } = AZURE_SQL;
  const general = leastVCores(Math.max(cores, log / generalPurposeLogPerVCore));
  if (general !== undefined && log <= generalPurposeLog && sqlYear / GB <= generalPurposeGb) {
    const cost = general * PRICES.generalPurposeVCore * PRICES.zones;
    return { sku: 'GP_Gen5', databases: 1, vCores: general, cost, pricePerGb: PRICES.sqlGb };
  }
  const most = AZURE_SQL.vCores.at(-1) ?? 0;
  const databases = Math.max(
    1,
    Math.ceil(cores / most),
    Math.ceil(log / hyperscaleLog),
    Math.ceil(sqlYear / GB / hyperscaleGb),
  );
  const vCores = leastVCores(cores / databases) ?? most;
  // A second replica, in another zone, costs as much as the first.
  const cost = 2 * databases * vCores * PRICES.hyperscaleVCore;
  return { sku: 'HS_Gen5', databases, vCores, cost, pricePerGb: PRICES.hyperscaleGb };
}

const leastVCores = (cores: number): number | undefined => AZURE_SQL.vCores.find((vCores) => vCores >= cores);
