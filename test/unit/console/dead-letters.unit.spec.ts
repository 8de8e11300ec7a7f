import { describe, expect, it } from 'vitest';
import { eventOf, filterOf, groupLetters } from '../../../console/src/dead-letters/groups.ts';

const letter = (reason: string, event: unknown, readModel = 'order_details') => ({ readModel, reason, event });
const shipped = { eventType: 'OrderShipped', schemaVersion: 9, aggregateType: 'Order', aggregateId: 'order-1' };

describe('dead letters', () => {
  it('are grouped by read model, reason and type, the largest group first', () => {
    const groups = groupLetters([
      letter('it is no JSON', 'x'),
      letter('the projection failed: a is undefined', shipped),
      letter('the projection failed: b is undefined', shipped),
      letter('the projection failed: b is undefined', { eventType: 'OrderPlaced' }),
      letter('the projection failed: b is undefined', shipped, 'order_search'),
    ]);
    expect(groups.map(({ readModel, reason, eventType, letters }) => [readModel, reason, eventType, letters.length]))
      // biome-ignore format: a table
      .toEqual([
      ['order_details', 'the projection failed', 'OrderShipped', 2],
      ['order_details', 'it is no JSON', undefined, 1],
      ['order_details', 'the projection failed', 'OrderPlaced', 1],
      ['order_search', 'the projection failed', 'OrderShipped', 1],
    ]);
  });

  it('are redriven by a filter that matches all of their group', () => {
    const groups = groupLetters([letter('the projection failed: a', shipped), letter(': no summary', 'no event')]);
    expect(groups.map(filterOf)).toEqual([
      { readModel: 'order_details', reason: 'the projection failed', eventType: 'OrderShipped' },
      { readModel: 'order_details' },
    ]);
  });

  it('show what their event says of itself, whatever it is', () => {
    expect(eventOf({ event: shipped })).toEqual(shipped);
    const unknown = {
      eventType: undefined,
      schemaVersion: undefined,
      aggregateType: undefined,
      aggregateId: undefined,
    };
    for (const event of ['text', null, 7, [], { eventType: 7, schemaVersion: '1' }]) {
      expect(eventOf({ event })).toEqual(unknown);
    }
  });
});
