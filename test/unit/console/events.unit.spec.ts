import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { annotate } from '../../../console/src/events/annotate.ts';
import { causationOf, withNewer } from '../../../console/src/events/lists-of-events.ts';

const logged = (aggregateId: string, version: number, causationId = 'command-1') => ({
  aggregateType: 'Order',
  aggregateId,
  version,
  causationId,
  timestamp: `2026-03-01T10:00:0${version}.000Z`,
  metadata: { userId: 'ada' },
});

describe('the tail of the log', () => {
  const [first, second, third] = [logged('o1', 1), logged('o1', 2), logged('o1', 3)];

  it('keeps older events after newer ones, each once, up to a limit', () => {
    expect(withNewer([second, first], [third, second], 10)).toEqual([third, second, first]);
    expect(withNewer([second, first], [third, second], 2)).toEqual([third, second]);
  });

  it('drops what it knew when events between may be missing', () => {
    expect(withNewer([first], [third], 10)).toEqual([third]);
  });

  it('ignores a read of a copy that is behind', () => {
    expect(withNewer([third, second, first], [second, first], 10)).toEqual([third, second, first]);
    expect(withNewer([first], [], 10)).toEqual([first]);
  });
});

it('a causation tree has the commands of a request, and the events of each, oldest first', () => {
  const tree = causationOf([logged('o1', 3, 'ship'), logged('o2', 2, 'place'), logged('o1', 1, 'place')]);
  expect(
    tree.map(({ causationId, userId, events }) => [causationId, userId, events.map(({ version }) => version)]),
  ).toEqual([
    ['place', 'ada', [1, 2]],
    ['ship', 'ada', [3]],
  ]);
});

describe('an event beside its schema', () => {
  const schema = JSON.parse(readFileSync('docs/events/OrderShipped.v1.json', 'utf8'));
  const event = {
    eventType: 'OrderShipped',
    schemaVersion: 1,
    version: 0,
    aggregateType: 'Order',
    correlationId: '[erased]',
    data: { carrier: '[erased]', trackingNumber: 7, weight: 3 },
    personal: { customerId: 'c1', ciphertext: `v2:${'a'.repeat(200)}` },
  };
  const lines = annotate(event, schema);
  const lineAt = (path: string) => lines.find((line) => line.path === path);

  it('marks what is encrypted, and shortens the ciphertext', () => {
    const encrypted = lines.filter(({ isEncrypted }) => isEncrypted).map(({ path }) => path);
    expect(encrypted).toEqual(['correlationId', 'data.carrier', 'personal.ciphertext']);
    expect(lineAt('personal.ciphertext')?.text).toMatch(/^"v2:a+…" \(203 characters\)$/);
    expect(annotate({ correlationId: '[erased]' }, schema)[0]?.isEncrypted).toBe(false);
  });

  it('says what each field must be', () => {
    expect([lineAt('eventType')?.rule, lineAt('version')?.rule, lineAt('traceparent')?.rule]).toEqual([
      'always "OrderShipped"',
      'integer > 0',
      'string, optional',
    ]);
    expect(lineAt('version')?.note).toContain('Version of the aggregate after the event');
  });

  it('says how a field breaks the schema, also one that is missing', () => {
    const problems = lines.flatMap(({ path, problem }) => (problem === undefined ? [] : [`${path} ${problem}`]));
    expect(problems).toEqual(
      expect.arrayContaining([
        'data.weight not in the schema',
        'data.trackingNumber must be string',
        'eventId missing',
        'version must be integer > 0',
      ]),
    );
    expect(lineAt('traceparent')?.problem).toBeUndefined();
  });

  it('shows an event without a known schema as it is', () => {
    expect(
      annotate({ data: { items: [{ line: 1 }] } }, undefined).map(({ path, text, problem }) => [path, text, problem]),
    ).toEqual([
      ['data', '', undefined],
      ['data.items', '', undefined],
      ['data.items.0', '', undefined],
      ['data.items.0.line', '1', undefined],
    ]);
  });
});
