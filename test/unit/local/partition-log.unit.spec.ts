import rhea from 'rhea';
import { describe, expect, it } from 'vitest';
import type { KeptEvent, PartitionStore } from '../../../local/event-hubs/event-store.ts';
import { readEvents } from '../../../local/event-hubs/message-batch.ts';
import { PartitionLog } from '../../../local/event-hubs/partition-log.ts';

describe('a partition whose store is slow to commit an event', () => {
  it('neither shows nor acknowledges the event until it is committed', () => {
    const { log, keep } = partition();
    const happened: string[] = [];
    log.onAppend(() => happened.push('told the readers'));
    log.append([anEvent()], () => happened.push('acknowledged'));
    const before = { ...view(log), happened: [...happened] };
    keep();
    expect([before, { ...view(log), happened }]).toEqual([
      { visible: false, newest: 99, next: 100, isEmpty: true, happened: [] },
      { visible: true, newest: 100, next: 101, isEmpty: false, happened: ['acknowledged', 'told the readers'] },
    ]);
  });

  it('shows earlier events', () => {
    const { log, keep } = partition();
    log.append([anEvent()], () => {});
    keep();
    log.append([anEvent()], () => {});
    expect(view(log)).toEqual({ visible: true, newest: 100, next: 101, isEmpty: false });
  });
});

/** A partition that numbers from 100, and what lets its store keep all it has been given. */
function partition() {
  const kept: KeptEvent[] = [];
  let waiting: (() => void)[] = [];
  const store: PartitionStore = {
    load: () => [],
    append: (event) => kept.push(event),
    removeBefore: () => {},
    whenKept: (callback) => waiting.push(callback),
  };
  const keep = () => {
    const callbacks = waiting;
    waiting = [];
    for (const callback of callbacks) callback();
  };
  return { log: new PartitionLog({ id: '0', firstSequenceNumber: 100, maxEvents: 10, store }), keep };
}

function anEvent() {
  const [event] = readEvents(rhea.message.encode({ body: 'x' }), 0);
  if (event === undefined) throw new Error('No event was read.');
  return event;
}

function view(log: PartitionLog) {
  return {
    visible: log.entry(100) !== undefined,
    newest: log.newest.sequenceNumber,
    next: log.nextSequenceNumber,
    isEmpty: log.isEmpty,
  };
}
