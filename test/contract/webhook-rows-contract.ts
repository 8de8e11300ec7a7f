import { beforeEach, describe, expect, it } from 'vitest';
import type { WebhookRows } from '../../src/sync/database/sync-database.ts';
import { openBothSides } from './both-sides.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

/** A new subscription. */
const newRow = (webhookId: string) => ({ webhookId, document: `{"of":"${webhookId} 😀"}`, version: 0 });

/** What storing webhook subscriptions holds to, whatever the database. To be called inside a `describe`. */
export function webhookRowsContract(create: () => Promise<WriteStoreFixture>): void {
  const sides = openBothSides(create);
  let webhooks: WebhookRows;

  beforeEach(() => {
    ({ webhooks } = sides().database);
  });

  describe('a webhook subscription', () => {
    it('is read as it was stored, in version 1', async () => {
      expect(await webhooks.read()).toEqual([]);
      expect(await webhooks.save(newRow('w1'), 'a'.repeat(64))).toBe(true);
      expect(await webhooks.read()).toEqual([{ ...newRow('w1'), version: 1 }]);
    });

    it('is not stored for a URL that has one', async () => {
      await webhooks.save(newRow('w1'), 'url');
      expect(await webhooks.save(newRow('w2'), 'url')).toBe(false);
      expect(await webhooks.save(newRow('w3'), 'URL')).toBe(true);
      expect((await webhooks.read()).map(({ webhookId }) => webhookId).toSorted()).toEqual(['w1', 'w3']);
    });

    it('is stored once when ten requests create it at the same time', async () => {
      const ids = Array.from({ length: 10 }, (_, index) => `w${index}`);
      const saved = await Promise.all(ids.map((id) => webhooks.save(newRow(id), 'url')));
      expect(saved.filter(Boolean)).toEqual([true]);
      expect(await webhooks.read()).toHaveLength(1);
    });

    it('is replaced in the version that was read, and in no other', async () => {
      await webhooks.save(newRow('w1'), 'url');
      const changed = { webhookId: 'w1', document: '{"changed":true}', version: 1 };
      expect(await webhooks.save(changed, 'url')).toBe(true);
      expect(await webhooks.save({ ...changed, document: '{"lost":true}' }, 'url')).toBe(false);
      expect(await webhooks.read()).toEqual([{ ...changed, version: 2 }]);
    });

    it('is deleted once; its URL can then have another one', async () => {
      await webhooks.save(newRow('w1'), 'url');
      expect(await webhooks.delete('w1')).toBe(true);
      expect(await webhooks.delete('w1')).toBe(false);
      expect(await webhooks.save(newRow('w2'), 'url')).toBe(true);
    });
  });
}
