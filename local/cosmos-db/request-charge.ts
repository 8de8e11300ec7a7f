/**
 * An estimate of request units. By size: the two points that Microsoft publishes, 1 KB for 1 RU to read and 5 to write (inserts, replaces,
 * deletes and upserts alike), 100 KB for 10 and 50, and a straight line through both.
 * https://learn.microsoft.com/azure/cosmos-db/key-value-store-cost
 * By index: 0.2 RU for each term that a write adds to the index or removes from it
 * (https://learn.microsoft.com/azure/cosmos-db/understand-request-unit-consumption), beyond the few that "around 5 RU" covers.
 * The second page also has examples in which a replace costs as much as a deletion and an insertion: see decision 38.
 * Real charges also depend on consistency and the query plan: measure them in the cloud.
 */

const KB = 1024;
const RU_PER_FURTHER_KB = 9 / 99;
const WRITE_FACTOR = 5;
/** "Inserting a 1 KB item with less than 5 properties to index costs around 5 RUs", an earlier edition of the page below said. */
const COVERED_TERMS = 5;
const RU_PER_TERM = 0.2;
/** A query that finds nothing costs about this: https://learn.microsoft.com/azure/cosmos-db/optimize-cost-reads-writes */
const QUERY_BASE_RU = 2.5;

/** @param bytes size of the document, 0 when there was none */
export function readCharge(bytes: number): number {
  const furtherKb = Math.max(0, Math.ceil(bytes / KB) - 1);
  return round(1 + furtherKb * RU_PER_FURTHER_KB);
}

/**
 * @param bytes size of the document written or deleted
 * @param terms that the write adds to the index or removes from it
 */
export function writeCharge(bytes: number, terms: number): number {
  return round(WRITE_FACTOR * readCharge(bytes) + Math.max(0, terms - COVERED_TERMS) * RU_PER_TERM);
}

/** The charge of one operation. */
export const chargeOf = (
  isRead: boolean,
  { bytes, terms = 0 }: { readonly bytes: number; readonly terms?: number },
): number => (isRead ? readCharge(bytes) : writeCharge(bytes, terms));

/** @param bytes size of the page that is returned; scans are not counted, as if every filter had an index */
export function queryCharge(bytes: number): number {
  return round(QUERY_BASE_RU + Math.ceil(bytes / KB) * RU_PER_FURTHER_KB);
}

function round(requestUnits: number): number {
  return Math.round(requestUnits * 100) / 100;
}
