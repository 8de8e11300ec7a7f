import { expect, it } from 'vitest';
import { orderDetails } from '../../../src/sync/projections/order-details.ts';
import { foldGroups } from '../../../src/sync/projector/fold-groups.ts';
import { groupByPartition } from '../../../src/sync/projector/group-events.ts';
import { orderEvent } from '../../support/events/order-lives.ts';
import { fold } from '../../support/projections/projections.ts';

/** Above the versions whose entries are on the page. */
const VERSION = 9;

it('writes a history entry before the existing order page that has its version', async () => {
  const page = fold(orderDetails, [orderEvent('order-1', VERSION - 1)])
    .get('order-1')
    ?.get('order-1');
  if (page === undefined) throw new Error('The order has no page.');
  const read = async (targets: readonly unknown[]) =>
    targets.map(() => new Map([['order-1', { document: page, etag: '1' }]]));
  const documents = { read, readFirst: read, write: async () => [], findOlderCopies: async function* () {} };
  const event = orderEvent('order-1', VERSION);
  const [groups = []] = groupByPartition([{ body: '', partitionId: '0', sequenceNumber: 1, event }], orderDetails);

  const [folded] = await foldGroups(groups, orderDetails, { documents, tried: new Set() });

  expect(folded?.write.documents.map(({ id }) => id)).toEqual([`!${VERSION}`, 'order-1']);
});
