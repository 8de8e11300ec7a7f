import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EVENT_CONTRACTS } from '../../../src/shared/events/envelope.ts';
import {
  joinPersonal,
  nonPersonal,
  personal,
  personalFieldsOf,
  splitPersonal,
  unmarkedStrings,
} from '../../../src/shared/personal-data/personal-fields.ts';
import { ERASED } from '../../../src/shared/personal-data/placeholders.ts';

const contracts = [...EVENT_CONTRACTS].map(([eventType, { schema, personal: fields }]) => ({
  eventType,
  schema,
  fields,
}));
const aboutNobody = contracts.filter(({ fields }) => fields === undefined);

/** Fields of every event, which clients choose. In an event that is about nobody they are stored as they are. */
const OF_CLIENTS = ['correlationId', 'metadata'];

describe('the event schemas', () => {
  it.each(contracts)('mark every string as personal or nonPersonal: $eventType', ({ schema }) => {
    expect(unmarkedStrings(schema)).toEqual([]);
  });

  it.each(aboutNobody)(
    'have no personal data if the event is about nobody, whose key would encrypt it: $eventType',
    ({ schema }) => {
      const fields = personalFieldsOf(schema);
      expect(fields?.kind === 'object' && [...fields.fields.keys()].toSorted()).toEqual(OF_CLIENTS);
    },
  );
});

describe('a string without a mark', () => {
  const line = z.strictObject({ productId: nonPersonal(z.string()), note: z.string() });

  it.each([
    ['in an object', z.strictObject({ note: z.string() }), ['note']],
    ['in a nested object', z.strictObject({ data: z.strictObject({ note: z.string() }) }), ['data.note']],
    ['in an array', z.strictObject({ items: z.array(line).readonly() }), ['items.[].note']],
    ['when it is optional or nullable', z.strictObject({ note: z.string().nullable().optional() }), ['note']],
    ['with a format', z.strictObject({ site: z.url() }), ['site']],
    ['in a union', z.strictObject({ note: z.union([z.string(), z.int()]) }), ['note']],
    ['in a record', z.strictObject({ notes: z.record(z.string(), z.string()) }), ['notes']],
  ])('is found %s', (_where, schema, paths) => {
    expect(unmarkedStrings(schema)).toEqual(paths);
  });

  it.each([z.int(), z.boolean(), z.enum(['a', 'b']), z.literal('a')])(
    'is not found in a type without free text',
    (schema) => {
      expect(unmarkedStrings(z.strictObject({ field: schema }))).toEqual([]);
    },
  );
});

describe('a mark', () => {
  it.each([
    ['without modifiers', personal(z.string())],
    ['that is nullable', personal(z.string()).nullable()],
    ['that is optional', personal(z.string()).optional()],
    ['with a description', personal(z.string()).describe('free text')],
  ])('applies to a field %s', (_how, field) => {
    const schema = z.strictObject({ field });
    expect(unmarkedStrings(schema)).toEqual([]);
    expect(personalFieldsOf(schema)).toEqual({
      kind: 'object',
      fields: new Map([['field', { kind: 'personal', placeholder: ERASED }]]),
    });
  });

  it('is rejected on a type that no placeholder can replace', () => {
    expect(() => personalFieldsOf(z.strictObject({ age: personal(z.int()) }))).toThrow('Only strings and objects');
  });
});

describe('the personal fields of a schema', () => {
  const person = { kind: 'personal', placeholder: ERASED };

  it('are found in objects, in lists and as a whole object', () => {
    const schema = z.strictObject({
      id: nonPersonal(z.string()),
      address: personal(z.strictObject({ street: z.string(), country: z.string().optional() })).nullable(),
      notes: z.array(z.strictObject({ line: z.int(), text: personal(z.string()).optional() })).readonly(),
    });
    expect(personalFieldsOf(schema)).toEqual({
      kind: 'object',
      fields: new Map<string, unknown>([
        ['address', { kind: 'personal', placeholder: { street: ERASED } }],
        ['notes', { kind: 'array', element: { kind: 'object', fields: new Map([['text', person]]) } }],
      ]),
    });
  });

  it.each([
    ['an object', z.strictObject({ id: nonPersonal(z.string()), count: z.int() })],
    ['a list', z.array(nonPersonal(z.string()))],
    ['a number', z.int()],
  ])('are undefined for %s without any', (_what, schema) => {
    expect(personalFieldsOf(schema)).toBeUndefined();
  });
});

describe('splitting a value', () => {
  const address = personal(z.strictObject({ street: z.string(), country: z.string().optional() }));
  const schema = z.strictObject({
    id: nonPersonal(z.string()),
    name: personal(z.string()),
    phone: personal(z.string()).nullable(),
    address: address.nullable(),
    notes: z.array(z.strictObject({ line: z.int(), text: personal(z.string()).optional() })),
  });
  const fields = personalFieldsOf(schema);
  if (fields === undefined) throw new Error('The schema has no personal fields.');
  const split = (value: z.infer<typeof schema>) => splitPersonal(value, fields);

  it('replaces personal fields at any depth', () => {
    const { clear, personal: secret } = split({
      id: '1',
      name: 'Ada',
      phone: null,
      address: { street: '1 Main St', country: 'US' },
      notes: [{ line: 1, text: 'call Ada' }, { line: 2 }],
    });
    expect(clear).toEqual({
      id: '1',
      name: ERASED,
      phone: null,
      address: { street: ERASED },
      notes: [{ line: 1, text: ERASED }, { line: 2 }],
    });
    expect(secret).toEqual({
      name: 'Ada',
      address: { street: '1 Main St', country: 'US' },
      notes: [{ text: 'call Ada' }, {}],
    });
  });

  it('leaves a value unchanged that has only placeholders', () => {
    const erased = { id: '1', name: ERASED, phone: null, address: { street: ERASED }, notes: [{ line: 1 }] };
    expect(split(erased)).toEqual({ clear: erased, personal: undefined });
  });

  it('restores a value that has only placeholders', () => {
    const erased = { id: '1', name: ERASED, phone: null, address: { street: ERASED }, notes: [{ line: 1 }] };
    const parts = split(erased);
    expect(joinPersonal(parts.clear, parts.personal)).toEqual(erased);
  });

  it.each([null, undefined])('leaves %s unchanged', (value) => {
    expect(splitPersonal(value, fields)).toEqual({ clear: value, personal: undefined });
  });

  it('leaves a single placeholder unchanged', () => {
    const name = personalFieldsOf(personal(z.string()));
    if (name === undefined) throw new Error('The string is not personal.');
    expect(splitPersonal(ERASED, name)).toEqual({ clear: ERASED, personal: undefined });
  });

  it('loses nothing: joining the parts restores the value', () => {
    const text = fc.string();
    const values = fc.record({
      id: text,
      name: text,
      phone: fc.option(text),
      address: fc.option(fc.record({ street: text, country: text }, { requiredKeys: ['street'] })),
      notes: fc.array(fc.record({ line: fc.integer(), text }, { requiredKeys: ['line'] })),
    });
    fc.assert(
      fc.property(values, (value) => {
        const parts = split(value);
        expect(joinPersonal(parts.clear, parts.personal)).toEqual(value);
      }),
    );
  });
});
