import { COUNTED_LINES, COUNTED_ORDERS, type CountedLife } from '../scripts/capacity/counted.ts';
import { countLife } from './life-counts.ts';

/** Counts every kind of order that the capacity plan interpolates between. */
export async function countLives(): Promise<readonly CountedLife[]> {
  const counts: CountedLife[] = [];
  for (const lines of COUNTED_LINES) {
    for (const orders of COUNTED_ORDERS) counts.push({ lines, orders, ...(await countLife(lines, orders)) });
  }
  return counts;
}
