import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { indexName } from '../../../src/shared/search/index-definition.ts';
import {
  CUSTOMERS_LIST,
  ORDERS_LIST,
  PRODUCTS_LIST,
  type SearchList,
} from '../../../src/shared/search/search-lists.ts';
import { catalogue } from '../../../src/sync/projections/catalogue.ts';
import { customerOrders } from '../../../src/sync/projections/customer-orders.ts';
import { orderSearch } from '../../../src/sync/projections/order-search.ts';
import type { Projection } from '../../../src/sync/projections/projection.ts';
import { TransientFault } from '../../../src/sync/projector/bulk.ts';
import { SearchFault } from '../../../src/sync/search/search-fault.ts';
import { createSearchIndexer, type SearchIndexer } from '../../../src/sync/search/search-indexer.ts';
import { customerLives } from '../../support/events/customer-lives.ts';
import { customerRegistered, productAdded } from '../../support/events/events.ts';
import { orderEvent, orderLives } from '../../support/events/order-lives.ts';
import { batchesOf, type Fault, projectAll } from '../../support/projections/concurrent-projectors.ts';
import { MemoryDocuments, type Step } from '../../support/projections/memory-documents.ts';
import { fold } from '../../support/projections/projections.ts';
import {
  MemoryIndexes,
  MemoryIndexStore,
  memoryPages,
  searchDocumentsIn,
} from '../../support/search/memory-indexes.ts';

/** A list, its projection, and logs of events that change its records. */
interface Case {
  readonly list: SearchList;
  readonly projection: Projection<unknown>;
  readonly logs: fc.Arbitrary<readonly EventEnvelope[]>;
}

const product: EventEnvelope = productAdded({ aggregateId: 'lamp' });
const customers: readonly EventEnvelope[] = ['ada', 'grace', 'edsger'].map((aggregateId) =>
  customerRegistered({ aggregateId }),
);

const CASES: readonly Case[] = [
  { list: ORDERS_LIST, projection: orderSearch, logs: customerLives },
  { list: PRODUCTS_LIST, projection: catalogue, logs: orderLives.map((orders) => [product, ...orders]) },
  { list: CUSTOMERS_LIST, projection: customerOrders, logs: orderLives.map((orders) => [...customers, ...orders]) },
];

const OLD = 'old-index';
const NEW = (list: SearchList) => indexName(list, 1);
const faults = fc.array(fc.constantFrom<Fault>('before', 'after', 'none', 'none', 'none'), { maxLength: 12 });

/** Steps of others that an upload can take. */
const SLOW = 8;

/** Steps in any order, some of which fail before or after they ran. */
function steps(scheduler: fc.Scheduler, failing: readonly Fault[]): Step {
  const left = [...failing];
  return async (name, work) => {
    const fault = left.pop() ?? 'none';
    const error = (when: string) =>
      /upload|exists|create|delete/.test(name)
        ? new SearchFault(`${when} ${name}`)
        : new TransientFault(`${when} ${name}`);
    if (fault === 'before') throw error('before');
    // Slow uploads are those that newer ones overtake.
    for (let turn = 0; name.startsWith('upload') && turn < SLOW; turn++) await scheduler.schedule(Promise.resolve());
    const result = await scheduler.schedule(Promise.resolve(), name).then(work);
    if (fault === 'after') throw error('after');
    return result;
  };
}

/** Runs until it succeeds, as the timer does. */
async function maintainAtLast({ maintain }: SearchIndexer): Promise<void> {
  for (let isDone = false; !isDone; ) {
    isDone = await maintain(1).then(
      () => true,
      (error) => {
        if (error instanceof SearchFault || error instanceof TransientFault) return false;
        throw error;
      },
    );
  }
}

/** Time stands still, but a pause after a fault does not last. */
const runtime = () => {
  let monotonic = 1;
  return { now: () => 0, monotonicMs: () => (monotonic += 6_000) };
};

interface Shared {
  readonly documents: MemoryDocuments<unknown>;
  readonly indexes: MemoryIndexes;
  readonly store: MemoryIndexStore;
}

const indexerOf = (list: SearchList, { documents, indexes, store }: Shared, step: Step): SearchIndexer =>
  createSearchIndexer(list, {
    generation: 1,
    store: store.seenBy(step),
    documents: documents.seenBy(step),
    page: memoryPages(list, () => documents.model(), step),
    service: indexes.service(step),
    upload: indexes.upload(step),
    runtime: runtime(),
  });

const atOnce: Step = async (_name, work) => work();

describe.each(CASES.map((one) => [one.list.name, one] as const))(
  'the index of %s',
  (_name, { list, projection, logs }) => {
    it('ends with the state of the documents, however projectors, uploads and faults are interleaved', async () => {
      await fc.assert(
        fc.asyncProperty(batchesOf(logs), faults, fc.scheduler(), async ({ log, projectors }, failing, scheduler) => {
          const shared = {
            documents: new MemoryDocuments<unknown>(),
            indexes: new MemoryIndexes(NEW(list)),
            store: new MemoryIndexStore(NEW(list)),
          };
          const step = steps(scheduler, failing);
          const work = projectors.map((received) => {
            const { update } = indexerOf(list, shared, step);
            return projectAll(projection, shared.documents.seenBy(step), received, update);
          });
          await scheduler.waitFor(Promise.all(work));
          await maintainAtLast(indexerOf(list, shared, atOnce));
          expect(shared.indexes.documents(NEW(list))).toEqual(searchDocumentsIn(list, fold(projection, log)));
        }),
        { numRuns: 60 },
      );
    });

    it('is rebuilt without a gap while projectors write, and the rebuilt one ends with the same state', async () => {
      await fc.assert(
        fc.asyncProperty(batchesOf(logs), faults, fc.scheduler(), async ({ log, projectors }, failing, scheduler) => {
          const shared = {
            documents: new MemoryDocuments<unknown>(),
            indexes: new MemoryIndexes(OLD),
            store: new MemoryIndexStore(OLD),
          };
          const step = steps(scheduler, failing);
          const work = projectors.map((received) => {
            const { update } = indexerOf(list, shared, step);
            return projectAll(projection, shared.documents.seenBy(step), received, update);
          });
          await scheduler.waitFor(Promise.all([...work, maintainAtLast(indexerOf(list, shared, step))]));
          await maintainAtLast(indexerOf(list, shared, atOnce));
          expect(shared.store.names).toMatchObject({ serving: NEW(list), building: null, replaced: [OLD] });
          expect(shared.indexes.documents(NEW(list))).toEqual(searchDocumentsIn(list, fold(projection, log)));
        }),
        { numRuns: 60 },
      );
    });
  },
);

describe('an upload', () => {
  it('that arrives after the upload of a newer state is followed by one of the newer state', async () => {
    const documents = new MemoryDocuments<unknown>();
    const indexes = new MemoryIndexes(NEW(ORDERS_LIST));
    const shared = { documents, indexes, store: new MemoryIndexStore(NEW(ORDERS_LIST)) };
    const [placed, ...changed] = [1, 2].map((version) => orderAt(version));
    let isHeld = true;
    const holdFirst: Step = async (name, work) => {
      if (name.startsWith('upload') && isHeld) {
        isHeld = false;
        // The newer event is projected, and its state uploaded, while this upload is under way.
        const fast = indexerOf(ORDERS_LIST, shared, atOnce);
        await projectAll(orderSearch, documents.seenBy(atOnce), [changed], fast.update);
      }
      return work();
    };
    const slow = indexerOf(ORDERS_LIST, shared, holdFirst);
    await projectAll(orderSearch, documents.seenBy(atOnce), [placed === undefined ? [] : [placed]], slow.update);
    expect(indexes.documents(NEW(ORDERS_LIST))).toMatchObject([{ version: 2 }]);
  });

  it('that a crash has prevented follows when the event is delivered again, although it is projected already', async () => {
    const documents = new MemoryDocuments<unknown>();
    const indexes = new MemoryIndexes(NEW(ORDERS_LIST));
    const indexer = indexerOf(
      ORDERS_LIST,
      { documents, indexes, store: new MemoryIndexStore(NEW(ORDERS_LIST)) },
      atOnce,
    );
    await projectAll(orderSearch, documents.seenBy(atOnce), [[orderAt(1)]]);
    expect(indexes.documents(NEW(ORDERS_LIST))).toEqual([]);
    await projectAll(orderSearch, documents.seenBy(atOnce), [[orderAt(1)]], indexer.update);
    expect(indexes.documents(NEW(ORDERS_LIST))).toMatchObject([{ version: 1 }]);
  });
});

function orderAt(version: number): EventEnvelope {
  return orderEvent('order-1', version, { total: version });
}
