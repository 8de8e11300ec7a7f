import { describe, expect, it } from 'vitest';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import type { TimePosition } from '../../../src/sync/database/sync-database.ts';
import { type EventFilter, findEvents, type ReadNewest } from '../../../src/sync/events/find-events.ts';
import { shownEvent } from '../../../src/sync/events/shown-event.ts';
import { customerRegistered, orderPlaced } from '../../support/events/events.ts';
import { destroyedKeys, noCustomerKeys } from '../../support/events/personal-data.ts';

const LIMIT = 2;

/** A log of these events, the newest first, which counts the events that are read. */
function logOf(events: readonly EventEnvelope[]) {
  const stored = events.map((event, index) => ({
    eventId: event.eventId,
    position: position(events.length - index),
    publishedAt: null,
    body: JSON.stringify(event),
  }));
  let read = 0;
  const readNewest: ReadNewest = async ({ before, limit }) => {
    const start = before === undefined ? 0 : stored.findIndex(({ position: at }) => at.version === before.version) + 1;
    const page = stored.slice(start, start + limit);
    read += page.length;
    return { answer: { events: page, isEnd: start + page.length >= stored.length }, ageMs: 0 };
  };
  return { readNewest, read: () => read };
}

const position = (version: number): TimePosition => ({
  recordedAt: '2026-01-15T10:30:00.000Z',
  aggregateType: 'Order',
  aggregateId: 'order-1',
  version,
});

async function pagesOf(readNewest: ReadNewest, filter: EventFilter, customerKeys = noCustomerKeys) {
  const pages: (readonly string[])[] = [];
  for (let before: TimePosition | undefined; ; ) {
    const { events: found, next } = await findEvents(filter, { before, limit: LIMIT }, { readNewest, customerKeys });
    pages.push(found.map(({ body }) => JSON.parse(body).aggregateId));
    before = next;
    if (before === undefined) return pages;
  }
}

const events = (count: number): readonly EventEnvelope[] =>
  Array.from({ length: count }, (_, index) => orderPlaced({ aggregateId: `event-${index}` }));

describe('a page of events without a filter', () => {
  it.each([
    [0, [[]]],
    [1, [['event-0']]],
    [2, [['event-0', 'event-1']]],
    [3, [['event-0', 'event-1'], ['event-2']]],
    [
      4,
      [
        ['event-0', 'event-1'],
        ['event-2', 'event-3'],
      ],
    ],
  ])('has the next events of %i, and reads one more than it shows', async (count, pages) => {
    const { readNewest, read } = logOf(events(count));
    expect(await pagesOf(readNewest, {})).toEqual(pages);
    expect(read()).toBeLessThanOrEqual(count + pages.length);
  });
});

describe('a page of events that match a filter', () => {
  const rareEvent = (aggregateId: string) => ({ ...customerRegistered({ aggregateId }), correlationId: 'rare' });
  const rare = rareEvent('rare');
  const filters = [{ eventType: 'CustomerRegistered' }, { correlationId: 'rare' }];

  it.each(filters)('searches at most 1,000 events, and continues after them: %j', async (filter) => {
    const { readNewest, read } = logOf([...events(1_500), rare]);
    const first = await findEvents(
      filter,
      { before: undefined, limit: LIMIT },
      { readNewest, customerKeys: noCustomerKeys },
    );
    expect([first.events, read()]).toEqual([[], 1_000]);
    expect(await pagesOf(readNewest, filter)).toEqual([[], ['rare']]);
  });

  it.each(filters)('continues after the last event that it shows: %j', async (filter) => {
    const found = Array.from({ length: 5 }, (_, index) => rareEvent(`rare-${index}`));
    const { readNewest } = logOf(found.flatMap((event) => [...events(1), event]));
    expect(await pagesOf(readNewest, filter)).toEqual([['rare-0', 'rare-1'], ['rare-2', 'rare-3'], ['rare-4']]);
  });

  it('has only events that match all filters', async () => {
    const { readNewest } = logOf([
      rare,
      { ...rare, correlationId: 'other' },
      { ...orderPlaced(), correlationId: 'rare' },
    ]);
    expect(await pagesOf(readNewest, { eventType: 'CustomerRegistered', correlationId: 'rare' })).toEqual([['rare']]);
  });
});

describe('an event as admins see it', () => {
  it('has placeholders instead of personal data that is stored unencrypted', () => {
    const event = { ...orderPlaced(), correlationId: 'ada@example.com' };
    const shown = JSON.stringify(shownEvent(JSON.stringify(event)));
    expect(shown).not.toMatch(/ada@example\.com|Lovelace|Main St/);
    expect(JSON.parse(shown)).toMatchObject({ correlationId: '[erased]', order: { customerId: 'ada', total: 5998 } });
  });

  it('of an unknown type is shown as it is stored', () => {
    const event = { eventType: 'FromTheFuture', data: { any: 1 } };
    expect(shownEvent(JSON.stringify(event))).toEqual(event);
  });
});

describe('an event whose correlation id was erased', () => {
  it('is not found by it', async () => {
    const { readNewest } = logOf([{ ...orderPlaced(), correlationId: '[erased]' }]);
    const erased = { ...noCustomerKeys, keysOf: async () => destroyedKeys };
    expect(await pagesOf(readNewest, { correlationId: 'correlation-1' }, erased)).toEqual([[]]);
  });
});
