import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Effort } from '../measuring/rounds.ts';
import type { Figure } from '../report/figure.ts';
import { readSideGrowth } from './growth-of-reads.ts';
import { writeSideGrowth } from './growth-of-writes.ts';

const FEW = 1_000;

/** Measures whether commands, queries and projections cost more when there are more orders. */
export async function growthFigures(effort: Effort): Promise<readonly Figure[]> {
  const { quick, full } = effort;
  const sizes = quick ? [FEW, 3_000] : [FEW, 10_000, ...(full ? [100_000] : [])];
  const writeSizes = [...sizes, ...(full ? [1_000_000] : [])];
  const folder = tmpdir();
  return [
    ...(await writeSideGrowth(writeSizes, (orders) => join(folder, `grown-${orders}.db`), effort)),
    ...(await readSideGrowth(sizes, effort)),
  ];
}
