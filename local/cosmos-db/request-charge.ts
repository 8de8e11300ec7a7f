/**
 * An estimate of request units, on the two points that Microsoft publishes: 1 KB reads for 1 RU and writes for 5, 100 KB for 10
 * and 50, here with a straight line through both. https://learn.microsoft.com/azure/cosmos-db/key-value-store-cost
 * Real charges also depend on indexed properties, consistency and the query plan: measure them in the cloud.
 */

const KB = 1024;
const RU_PER_FURTHER_KB = 9 / 99;
const WRITE_FACTOR = 5;
/** A query that finds nothing costs about this: https://learn.microsoft.com/azure/cosmos-db/optimize-cost-reads-writes */
const QUERY_BASE_RU = 2.5;

/** @param bytes size of the document, 0 when there was none */
export function readCharge(bytes: number): number {
  const furtherKb = Math.max(0, Math.ceil(bytes / KB) - 1);
  return round(1 + furtherKb * RU_PER_FURTHER_KB);
}

/** @param bytes size of the document written or deleted */
export function writeCharge(bytes: number): number {
  return round(WRITE_FACTOR * readCharge(bytes));
}

/** @param bytes size of the page that is returned; scans are not counted, as if every filter had an index */
export function queryCharge(bytes: number): number {
  return round(QUERY_BASE_RU + Math.ceil(bytes / KB) * RU_PER_FURTHER_KB);
}

function round(requestUnits: number): number {
  return Math.round(requestUnits * 100) / 100;
}
