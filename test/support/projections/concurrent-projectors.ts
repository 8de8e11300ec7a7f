import fc from 'fast-check';
import { expect } from 'vitest';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import type { Projection } from '../../../src/sync/projections/projection.ts';
import { TransientFault } from '../../../src/sync/projector/bulk.ts';
import type { QueueDependencies } from '../../../src/sync/projector/project-groups.ts';
import { projectEvents } from '../../../src/sync/projector/projector.ts';
import { disorderOf } from '../events/order-lives.ts';
import { noCustomerKeys } from '../events/personal-data.ts';
import { MemoryDocuments, type Step } from './memory-documents.ts';
import { fold } from './projections.ts';

/** Soon after the events happened, so that none is too old for a read model. */
const NOW = Date.UTC(2026, 0, 15, 12);

/** When a step on the documents fails: before it runs, or after it, so that the caller cannot know whether it ran. */
export type Fault = 'before' | 'after' | 'none';

/** Events distributed over several projectors. Each projector receives its batches one after the other. */
export function batchesOf(logs: fc.Arbitrary<readonly EventEnvelope[]>) {
  return logs.chain((log) =>
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
}

function inBatches<Event>(events: readonly Event[], size: number): readonly (readonly Event[])[] {
  return Array.from({ length: Math.ceil(events.length / size) }, (_, batch) =>
    events.slice(batch * size, (batch + 1) * size),
  );
}

/** Redelivers each batch until it is projected completely, as the trigger does. */
export async function projectAll<Document>(
  projection: Projection<Document>,
  documents: ReturnType<MemoryDocuments<Document>['seenBy']>,
  received: readonly (readonly EventEnvelope[])[],
  afterWrite?: QueueDependencies<Document>['afterWrite'],
): Promise<void> {
  for (const events of received) {
    const bodies = events.map((event, sequenceNumber) => ({
      body: JSON.stringify(event),
      partitionId: '0',
      sequenceNumber,
    }));
    for (let isDone = false; !isDone; ) {
      isDone = await projectEvents(bodies, projection, {
        ...{ documents, afterWrite },
        customerKeys: noCustomerKeys,
        runtime: { ...systemRuntime, now: () => NOW },
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

/**
 * Expects that several projectors at once, whose steps are interleaved and fail in any way, leave the documents that one projector
 * leaves that receives all events in order.
 */
export async function expectFoldOfAnyRace(
  projection: Projection<unknown>,
  logs: fc.Arbitrary<readonly EventEnvelope[]>,
): Promise<void> {
  const faults = fc.array(fc.constantFrom<Fault>('before', 'after', 'none', 'none', 'none'), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(batchesOf(logs), faults, fc.scheduler(), async ({ log, projectors }, failing, scheduler) => {
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
}
