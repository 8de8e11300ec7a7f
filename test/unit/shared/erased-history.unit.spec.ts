import { describe, expect, it } from 'vitest';
import { EVENT_CONTRACTS } from '../../../src/shared/events/envelope.ts';
import type { PersonalFields } from '../../../src/shared/personal-data/personal-fields.ts';
import { eraseEntry, historyEntryOf } from '../../../src/shared/read-models/order-history.ts';
import { orderPlaced } from '../../support/events/events.ts';

const SECRET = 'secret';

/** A value with a secret in every personal field. */
function filled(fields: PersonalFields): unknown {
  switch (fields.kind) {
    case 'personal':
      return JSON.parse(JSON.stringify(fields.placeholder, (_, value) => (typeof value === 'string' ? SECRET : value)));
    case 'array':
      return [filled(fields.element)];
    case 'object':
      return Object.fromEntries([...fields.fields].map(([name, field]) => [name, filled(field)]));
  }
}

/** The personal fields in the data of each event that is an entry in the history of an order. */
const personalData = [...EVENT_CONTRACTS].flatMap(([eventType, { personal, state }]) => {
  const data = personal?.kind === 'object' ? personal.fields.get('data') : undefined;
  return data === undefined || !('order' in state) ? [] : [{ eventType, data }];
});

describe('an erased entry of the history', () => {
  it('can have personal data', () => {
    expect(personalData.length).toBeGreaterThan(3);
  });

  it.each(personalData)('has no personal data: $eventType', ({ eventType, data }) => {
    const entry = Object.assign(historyEntryOf(orderPlaced()), { eventType, data: filled(data) });
    expect(JSON.stringify(entry)).toContain(SECRET);
    expect(JSON.stringify(eraseEntry(entry))).not.toContain(SECRET);
  });
});
