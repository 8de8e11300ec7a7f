import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emailAddress, textLine } from '../../../src/commands/http/fields.ts';
import { newIdentifier } from '../../../src/shared/http/identifiers.ts';
import { MAX_HISTORY_ENTRIES } from '../../../src/shared/read-models/history-page.ts';
import { PROJECTIONS } from '../../../src/sync/projections/projections.ts';
import { largestEvents, WIDE_TEXTS } from '../../support/events/largest-events.ts';
import { documentsOf, fold } from '../../support/projections/projections.ts';

/** Half of the limit of Cosmos DB (https://learn.microsoft.com/azure/cosmos-db/concepts-limits#per-item-limits). */
const HALF_OF_LIMIT = 1024 * 1024;
/** A page of a query's result (https://learn.microsoft.com/azure/cosmos-db/concepts-limits#per-request-limits). */
const RESULT_LIMIT = 4 * 1024 * 1024;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Texts of the same unit throughout, which is the worst case, and of mixed units. */
const units = fc.oneof(
  fc.constantFrom(...WIDE_TEXTS),
  fc.array(fc.constantFrom(...WIDE_TEXTS), { minLength: 2, maxLength: 4 }).map((some) => some.join('')),
);

describe('the documents of an order with every field and number at its limit', () => {
  it.each(PROJECTIONS.map(({ projection }) => [projection.container.readModel, projection] as const))(
    'of %s have at most half of the bytes that a document can have',
    (_name, projection) => {
      fc.assert(
        fc.property(units, (unit) => {
          const sizes = documentsOf(fold<unknown>(projection, largestEvents(unit, 3))).map(bytesOf);
          expect(Math.max(...sizes)).toBeLessThan(HALF_OF_LIMIT);
        }),
        { numRuns: 15 },
      );
    },
  );

  it('are no larger after five hundred changes than after three', () => {
    const details = PROJECTIONS.find(({ consumerGroup }) => consumerGroup === 'order-details');
    if (details === undefined) throw new Error('There is no projection of order pages.');
    const sizes = (versions: number) =>
      documentsOf(fold<unknown>(details.projection, largestEvents('字', versions))).map(bytesOf);
    const [few, many] = [sizes(3), sizes(502)];
    // The digits of a version occur four times.
    expect(Math.max(...many)).toBeLessThanOrEqual(Math.max(...few) + 4 * 2);
    // The order page and a page of its history are the result of one query.
    const page = many.toSorted((a, b) => b - a).slice(0, MAX_HISTORY_ENTRIES + 2);
    expect(page.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(RESULT_LIMIT);
  });
});

describe('text that takes six bytes per character in JSON', () => {
  it.each(['\u0001', '\u001f', '\u007f', '\ud800'])('is not accepted by any command: %j', (character) => {
    const accepting = [textLine, newIdentifier, emailAddress].filter(
      (schema) => schema.safeParse(`a${character}b@example.com`).success,
    );
    expect(accepting).toEqual([]);
  });
});
