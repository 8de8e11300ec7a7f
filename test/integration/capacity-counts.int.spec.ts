import { describe, expect, it } from 'vitest';
import { countLife } from '../../bench/life-counts.ts';
import { orderCost, readCounted, sum } from '../../scripts/capacity/counted.ts';

const counted = readCounted();
const UPDATE = 'npm run capacity -- --count && npm run generate';

describe('the counted costs of the capacity plan', () => {
  it(`are what an order of one line costs now (run "${UPDATE}" to update them)`, async () => {
    const { requestUnits, eventBytes, documentBytes } = await countLife(1, 1);
    const before = counted.find(({ lines, orders }) => lines === 1 && orders === 1);
    expect(before?.requestUnits).toEqual(requestUnits);
    expect(Object.keys(before?.documentBytes ?? {})).toEqual(Object.keys(documentBytes));
    expectNear(sum(before?.eventBytes ?? {}), sum(eventBytes));
  });

  it('predict the cost of other orders in other batches', async () => {
    const predicted = orderCost(counted, 5, 20);
    const actual = await countLife(5, 20);
    expectNear(predicted.eventBytes, sum(actual.eventBytes));
    const total = (byReadModel: Readonly<Record<string, Readonly<Record<string, number>>>>) =>
      Object.values(byReadModel).reduce((units, byType) => units + sum(byType), 0);
    expectNear(sum(predicted.requestUnits), total(actual.requestUnits));
    expectNear(sum(predicted.documentBytes), sum(actual.documentBytes));
  });
});

/** Within a tenth. */
function expectNear(predicted: number, actual: number): void {
  expect(predicted / actual).toBeGreaterThan(0.9);
  expect(predicted / actual).toBeLessThan(1.1);
}
