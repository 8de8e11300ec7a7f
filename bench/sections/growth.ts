import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Effort } from '../measuring/rounds.ts';
import type { Figure } from '../report/figure.ts';
import { readSideGrowth } from './growth-of-reads.ts';
import { writeSideGrowth } from './growth-of-writes.ts';

/** Orders in the stores that are compared. */
const SIZES = { quick: [300, 1_000], normal: [1_000, 10_000], full: [1_000, 10_000, 100_000] };

/** Measures whether commands, queries and projections cost more when there are more orders. */
export async function growthFigures(effort: Effort): Promise<readonly Figure[]> {
  const { quick, full } = effort;
  const sizes = SIZES[quick ? 'quick' : full ? 'full' : 'normal'];
  const writeSizes = [...sizes, ...(full ? [1_000_000] : [])];
  const folder = tmpdir();
  return [
    ...(await writeSideGrowth(writeSizes, (orders) => join(folder, `grown-${orders}.db`), effort)),
    ...(await readSideGrowth(sizes, effort)),
  ];
}
