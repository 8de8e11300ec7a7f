import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { orderDetails } from '../../../src/sync/projections/order-details.ts';
import { orderSearch } from '../../../src/sync/projections/order-search.ts';
import type { Projection } from '../../../src/sync/projections/projection.ts';
import { shippingBoard } from '../../../src/sync/projections/shipping-board.ts';
import { TransientFault } from '../../../src/sync/projector/bulk.ts';
import { projectEvents } from '../../../src/sync/projector/projector.ts';
import { customerLives } from '../../support/events/customer-lives.ts';
import { customerChanged } from '../../support/events/events.ts';
import { disorderOf, orderEvent } from '../../support/events/order-lives.ts';
import { noCustomerKeys } from '../../support/events/personal-data.ts';
import { MemoryDocuments, type Step } from '../../support/projections/memory-documents.ts';
import { fold } from '../../support/projections/projections.ts';

/** When a step on the documents fails: before it runs, or after it, so that the caller cannot know whether it ran. */
type Fault = 'before' | 'after' | 'none';

/** Events distributed over several projectors. Each projector receives its batches one after the other. */
const batches = customerLives.chain((log) =>
  disorderOf(log).chain((received) =>
    fc
      .tuple(
        fc.array(fc.nat({ max: 2 }), { minLength: received.length, maxLength: received.length }),
        fc.integer({ min: 1, max: 4 }),
      )
      .map(([owners, size]) => {
        const owned = [0, 1, 2].map((owner) => received.filter((_, index) => owners[index] === owner));
        return { log, projectors: owned.map((events) => inBatches(events, size)) };
      }),
  ),
);

function inBatches<Event>(events: readonly Event[], size: number): readonly (readonly Event[])[] {
  return Array.from({ length: Math.ceil(events.length / size) }, (_, batch) =>
    events.slice(batch * size, (batch + 1) * size),
  );
}

/** Redelivers each batch until it is projected completely, as the trigger does. */
async function projectAll<Document>(
  projection: Projection<Document>,
  documents: ReturnType<MemoryDocuments<Document>['seenBy']>,
  received: readonly (readonly EventEnvelope[])[],
): Promise<void> {
  for (const events of received) {
    const bodies = events.map((event, sequenceNumber) => ({
      body: JSON.stringify(event),
      partitionId: '0',
      sequenceNumber,
    }));
    for (let isDone = false; !isDone; ) {
      isDone = await projectEvents(bodies, projection, {
        documents: documents,
        customerKeys: noCustomerKeys,
        runtime: systemRuntime,
      }).then(
        ({ poison }) => {
          expect(poison).toEqual([]);
          return true;
        },
        (error) => {
          if (error instanceof TransientFault) return false;
          throw error;
        },
      );
    }
  }
}

const placed = orderEvent('order-1', 1, { customerName: 'Ada Byron', customerVersion: 1 });
const confirmed = orderEvent('order-1', 2, { customerName: 'Ada Byron', customerVersion: 1, status: 'confirmed' });
const renamed = customerChanged({ aggregateId: 'ada', version: 2 }, 'Ada Lovelace');

describe('a new customer name that arrives while an order event is projected', () => {
  const atOnce: Step = async (_step, work) => work();

  it.each<[string, readonly EventEnvelope[], EventEnvelope]>([
    ['read !customer-ada', [], placed],
    ['write order-1', [], placed],
    ['read order-1', [placed], confirmed],
    ['write order-1', [placed], confirmed],
  ])('reaches the order when it arrives just before the step "%s"', async (pausedAt, given, event) => {
    const documents = new MemoryDocuments<unknown>();
    await projectAll(orderSearch, documents.seenBy(atOnce), [given]);
    let isPaused = false;
    const step: Step = async (name, work) => {
      if (name === pausedAt && !isPaused) {
        isPaused = true;
        // Reads that run together with this step finish before the change.
        await new Promise(setImmediate);
        await projectAll(orderSearch, documents.seenBy(atOnce), [[renamed]]);
      }
      return work();
    };
    await projectAll(orderSearch, documents.seenBy(step), [[event]]);
    expect(documents.model()).toEqual(fold(orderSearch, [...given, event, renamed]));
  });
});

describe('concurrent projectors with interleaved and failing steps', () => {
  it.each<[string, Projection<unknown>]>([
    ['order_details', orderDetails],
    ['order_search', orderSearch],
    ['shipping_board', shippingBoard],
  ])('produce the same %s as one projector that receives all events in order', async (_name, projection) => {
    const faults = fc.array(fc.constantFrom<Fault>('before', 'after', 'none', 'none', 'none'), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(batches, faults, fc.scheduler(), async ({ log, projectors }, failing, scheduler) => {
        const documents = new MemoryDocuments<unknown>();
        const left = [...failing];
        const step: Step = async (name, work) => {
          const fault = left.pop() ?? 'none';
          if (fault === 'before') throw new TransientFault(`before ${name}`);
          const result = await scheduler.schedule(Promise.resolve(), name).then(work);
          if (fault === 'after') throw new TransientFault(`after ${name}`);
          return result;
        };
        await scheduler.waitFor(
          Promise.all(projectors.map((received) => projectAll(projection, documents.seenBy(step), received))),
        );
        expect(documents.model()).toEqual(fold(projection, log));
      }),
      { numRuns: 100 },
    );
  });
});
