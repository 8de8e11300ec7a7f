import { beforeEach, describe, expect, it } from 'vitest';
import type { SyncDatabase, SyncStall } from '../../src/sync/database/sync-database.ts';
import { openBothSides } from './both-sides.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

const STALL: SyncStall = {
  consumer: 'order_details',
  partition: '0',
  since: '2026-03-01T12:34:56.789Z',
  reason: 'Requests to order_details failed 6 times in a row.',
};

/** What reporting stalls holds to, whatever the database. To be called inside a `describe`. */
export function syncStallContract(create: () => Promise<WriteStoreFixture>): void {
  const sides = openBothSides(create);
  let database: SyncDatabase;

  beforeEach(() => {
    ({ database } = sides());
  });

  describe('a stall', () => {
    it('is read as it was reported', async () => {
      await database.reportStall(STALL);
      expect(await database.readStalls()).toEqual([STALL]);
    });

    it('replaces the previous report of its consumer and partition, and no other', async () => {
      const others = [
        { ...STALL, partition: '1' },
        { ...STALL, partition: 'replay/0' },
        { ...STALL, consumer: 'push' },
      ];
      for (const stall of [STALL, ...others]) await database.reportStall(stall);
      const later = { ...STALL, reason: 'another reason' };
      await database.reportStall(later);
      const stalls = await database.readStalls();
      expect(stalls).toHaveLength(4);
      expect(stalls).toEqual(expect.arrayContaining([later, ...others]));
    });

    it('is gone once it has ended; to end one that was never reported changes nothing', async () => {
      await database.reportStall(STALL);
      await database.endStall({ consumer: 'order_details', partition: '1' });
      expect(await database.readStalls()).toEqual([STALL]);
      await database.endStall(STALL);
      expect(await database.readStalls()).toEqual([]);
    });

    it('keeps as much of a long reason as the column holds, and no half of a character', async () => {
      await database.reportStall({ ...STALL, reason: `${'x'.repeat(399)}😀 and more` });
      const [stall] = await database.readStalls();
      expect(stall?.reason).toBe(`${'x'.repeat(399)}\ufffd`);
    });

    it('can be reported by several processes at once', async () => {
      await Promise.all(Array.from({ length: 10 }, () => database.reportStall(STALL)));
      expect(await database.readStalls()).toEqual([STALL]);
    });
  });
}
