import { beforeEach, describe, expect, it } from 'vitest';
import type { SyncLag, WriteStore } from '../../src/commands/write-store/write-store.ts';
import type { SyncDatabase } from '../../src/sync/database/sync-database.ts';
import { openBothSides } from './both-sides.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

/** What the sync side reports and what commands then load, whatever the database. To be called inside a `describe`. */
export function syncLagContract(create: () => Promise<WriteStoreFixture>): void {
  const sides = openBothSides(create);
  let store: WriteStore;
  let database: SyncDatabase;

  beforeEach(() => {
    ({ store, database } = sides());
  });

  /** What a command is told with its rows, but for the age. */
  const told = async () => {
    const { syncLags } = await store.load({ commandId: 'x', productIds: [] });
    return syncLags.map(({ readModel, measure, lagMs }) => [readModel, measure, lagMs]).sort();
  };

  describe('reportLag', () => {
    it('is told with the rows of the next command, by read model and measure', async () => {
      await database.reportLag({ readModel: 'order_details', measure: 'projected', lagMs: 120 });
      await database.reportLag({ readModel: 'order_details', measure: 'waiting', lagMs: 0 });
      await database.reportLag({ readModel: 'sales_daily', measure: 'projected', lagMs: 340 });
      expect(await told()).toEqual([
        ['order_details', 'projected', 120],
        ['order_details', 'waiting', 0],
        ['sales_daily', 'projected', 340],
      ]);
    });

    it('takes the place of the report before', async () => {
      for (const lagMs of [120, 80])
        await database.reportLag({ readModel: 'order_details', measure: 'projected', lagMs });
      expect(await told()).toEqual([['order_details', 'projected', 80]]);
    });

    it('may come from several processes at once, also the first one', async () => {
      const reports = Array.from({ length: 10 }, () =>
        database.reportLag({ readModel: 'order_details', measure: 'projected', lagMs: 50 }),
      );
      await Promise.all(reports);
      expect(await told()).toEqual([['order_details', 'projected', 50]]);
    });

    it.each([
      [-5, 0],
      [12.6, 13],
      [Number.MAX_SAFE_INTEGER, 2 ** 31 - 1],
    ])('of %d ms is %d', async (lagMs, known) => {
      await database.reportLag({ readModel: 'order_details', measure: 'waiting', lagMs });
      expect(await told()).toEqual([['order_details', 'waiting', known]]);
    });

    it('is told with its age', async () => {
      await database.reportLag({ readModel: 'order_details', measure: 'projected', lagMs: 120 });
      const age = async () => {
        const { syncLags } = await store.load({ commandId: 'x', productIds: [] });
        const [report]: readonly SyncLag[] = syncLags;
        return report?.ageMs ?? Number.NaN;
      };
      const first = await age();
      await new Promise((resume) => setTimeout(resume, 20));
      expect((await age()) - first).toBeGreaterThanOrEqual(15);
    });
  });
}
