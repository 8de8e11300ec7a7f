import { expect, it } from 'vitest';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { orderSearch } from '../../../src/sync/projections/order-search.ts';
import type { WriteOutcome } from '../../../src/sync/projector/document-store.ts';
import { groupByPartition } from '../../../src/sync/projector/group-events.ts';
import { projectQueues } from '../../../src/sync/projector/project-groups.ts';
import { orderEvent } from '../../support/events/order-lives.ts';
import { recordMetrics } from '../../support/recorded-metrics.ts';

const metrics = recordMetrics();

it('a projection whose document has changed meanwhile is counted as retried', async () => {
  const outcomes: WriteOutcome[] = ['conflict', 'conflict', 'written'];
  const read = async (targets: readonly unknown[]) => targets.map(() => new Map());
  const documents = {
    read,
    readFirst: read,
    write: async (writes: readonly unknown[]) => writes.map(() => outcomes.shift() ?? 'written'),
    findOlderCopies: async function* () {},
  };
  const runtime = { ...systemRuntime, delay: async () => undefined };
  const decoded = [{ body: '', partitionId: '0', sequenceNumber: 1, event: orderEvent('order-1', 1) }];

  await projectQueues(groupByPartition(decoded, orderSearch), orderSearch, { documents, runtime });

  const retry = { value: 1, attributes: { component: 'projections', reason: 'conflict' } };
  expect(metrics.of('cqrs.retries')).toEqual([retry, retry]);
});
