import { describe, expect, it } from 'vitest';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { orderDetails } from '../../../src/sync/projections/order-details.ts';
import { orderSearch } from '../../../src/sync/projections/order-search.ts';
import type { Projection } from '../../../src/sync/projections/projection.ts';
import { shippingBoard } from '../../../src/sync/projections/shipping-board.ts';
import { customerLives } from '../../support/events/customer-lives.ts';
import { customerChanged } from '../../support/events/events.ts';
import { orderEvent } from '../../support/events/order-lives.ts';
import { expectFoldOfAnyRace, projectAll } from '../../support/projections/concurrent-projectors.ts';
import { MemoryDocuments, type Step } from '../../support/projections/memory-documents.ts';
import { fold } from '../../support/projections/projections.ts';

const placed = orderEvent('order-1', 1, { customerName: 'Ada Byron', customerVersion: 1 });
const confirmed = orderEvent('order-1', 2, { customerName: 'Ada Byron', customerVersion: 1, status: 'confirmed' });
const renamed = customerChanged({ aggregateId: 'ada', version: 2 }, 'Ada Lovelace');

describe('a new customer name that arrives while an order event is projected', () => {
  const atOnce: Step = async (_step, work) => work();

  it.each<[string, readonly EventEnvelope[], EventEnvelope]>([
    ['read !customer-ada', [], placed],
    ['write ada', [], placed],
    ['read order-1', [placed], confirmed],
    ['write ada', [placed], confirmed],
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
    await expectFoldOfAnyRace(projection, customerLives);
  });
});
