import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromStoredEvent, toStoredEvent } from '../../../src/shared/read-models/dead-letter-event.ts';
import { reasonForMetrics } from '../../../src/sync/dead-letters/dead-letters.ts';
import { logDeadLetters } from '../../../src/sync/dead-letters/log-dead-letters.ts';

/** Dead letters with consecutive sequence numbers in partition 1. */
const letters = (count: number, reason: string) =>
  Array.from({ length: count }, (_, index) => ({
    body: 'personal data',
    partitionId: '1',
    sequenceNumber: index,
    reason,
  }));

/** The lines that are logged for dead letters of `order_details`. */
function linesFor(events: ReturnType<typeof letters>): readonly unknown[] {
  const lines: unknown[] = [];
  logDeadLetters({ warn: (...args: unknown[]) => lines.push(...args) }, 'order_details', events);
  return lines;
}

describe('the log of dead letters', () => {
  it('has one line per reason, without the events', () => {
    expect(linesFor([...letters(1, 'it is too large'), ...letters(2, 'it is not JSON')])).toEqual([
      'An event became a dead letter of order_details at 1/0 (partition/sequence number): it is too large',
      '2 events became dead letters of order_details at 1/0, 1/1 (partition/sequence number): it is not JSON',
    ]);
  });

  it('names ten events of a reason at most', () => {
    const [line] = linesFor(letters(500, 'it is not JSON'));
    expect(line).toMatch(/^500 events became dead letters of order_details at .*1\/9 and 490 more \(/);
  });

  it('is empty without dead letters', () => {
    expect(linesFor([])).toEqual([]);
  });
});

describe('the reason in a metric', () => {
  it.each([
    ['it is not a JSON object with an eventType', 'it is not a JSON object with an eventType'],
    ['the event does not match its schema: order.total: Invalid input', 'the event does not match its schema'],
    ['version 17 is unknown', 'version N is unknown'],
    ['x'.repeat(200), 'x'.repeat(80)],
  ])('of "%s" is "%s"', (reason, expected) => {
    expect(reasonForMetrics(reason)).toBe(expected);
  });
});

describe('the event in a dead letter', () => {
  it('is the text as it was received, and comes back as it was', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(toStoredEvent('\u0001'.repeat(400_000))));
    fc.assert(
      fc.property(text, (body) => {
        expect(fromStoredEvent(toStoredEvent(body))).toBe(body);
      }),
    );
    expect(toStoredEvent('{"eventType":"OrderPlaced"}')).toBe('{"eventType":"OrderPlaced"}');
  });

  it.each([
    ['control characters', '\u0001'],
    ['quotes', '"'],
    ['characters of three bytes', '字'],
    ['characters of four bytes', '😀'],
    ['letters', 'a'],
  ])('takes at most 1.5 MB of a document when an event of 1 MB is made of %s', (_what, character) => {
    const body = character.repeat((1024 * 1024) / Buffer.byteLength(character));
    expect(Buffer.byteLength(JSON.stringify(toStoredEvent(body)))).toBeLessThanOrEqual(1_500_000);
    expect(fromStoredEvent(toStoredEvent(body))).toBe(body);
  });
});
