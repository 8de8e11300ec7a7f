import fc from 'fast-check';

/** What may stand where JSON expects a value, as text: some of it no JSON, some of it no value that a program likes. */
const TOKENS: readonly string[] = [
  'null',
  'true',
  '0',
  '-0',
  '-1',
  '0.1',
  '1e-7',
  '29.990000000000002',
  '1e21',
  '1e308',
  '1e999',
  '-1e999',
  '9007199254740993',
  '99999999999999999999999999999999',
  '2147483648',
  'NaN',
  'Infinity',
  'undefined',
  '01',
  '""',
  '" "',
  '"NaN"',
  '"Infinity"',
  '"-0"',
  '"null"',
  '"0x10"',
  '"."',
  '".."',
  '"a/../../b"',
  '"%00"',
  '"%2F"',
  '"__proto__"',
  '"constructor"',
  '"order-1 "',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u202e\\u200b"',
  '"💥👩‍👩‍👧‍👦"',
  `"'; DROP TABLE Orders; --"`,
  '"{{7*7}}"',
  '"2026-02-30T00:00:00Z"',
  '"9999-12-31T23:59:59Z"',
  '"-271821-04-20T00:00:00Z"',
  `"${'x'.repeat(65)}"`,
  `"${'é'.repeat(300)}"`,
  '[]',
  '[[]]',
  '[null]',
  '{}',
  '{"":{}}',
  '{"length":1,"0":"a"}',
  '{"toString":1,"valueOf":2}',
  '{"toJSON":"x"}',
  `${'['.repeat(500)}${']'.repeat(500)}`,
];

const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'toJSON',
  'then',
  '',
  ' ',
  '$where',
];

const token = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TOKENS) },
  { weight: 2, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }).map((text) => JSON.stringify(text)) },
);

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Stands for a place in a text that is replaced; JSON writes it as it is. */
const HOLE = '@hole@';

/** Every place in a value, as the value with a hole there, next to what was there. */
function holes(value: Json): readonly { readonly around: Json; readonly was: Json }[] {
  const here = { around: HOLE, was: value };
  if (typeof value !== 'object' || value === null) return [here];
  const inside = Object.entries(value).flatMap(([key, child]) =>
    holes(child).map(({ around, was }) => {
      const copy = Array.isArray(value) ? value.with(Number(key), around) : { ...value, [key]: around };
      return { around: copy, was };
    }),
  );
  return [here, ...inside];
}

function fill(around: Json, text: string): string {
  return JSON.stringify(around).replace(JSON.stringify(HOLE), () => text);
}

/** A key and a value put before the others of an object, which may have the key as well; before the whole of what is none. */
function withKey(was: Json, key: string, value: string): string {
  const own = `${JSON.stringify(key)}:${value}`;
  const text = JSON.stringify(was);
  return text.startsWith('{') && text !== '{}' ? `{${own},${text.slice(1)}` : `{${own}}`;
}

/** A valid body with one thing in it broken: a value, a key more, a key twice, a part less, or its text cut off. */
export function brokenBody(valid: Json): fc.Arbitrary<string> {
  const place = fc.constantFrom(...holes(valid));
  const text = JSON.stringify(valid);
  const ownKeys = valid !== null && typeof valid === 'object' ? Object.keys(valid) : [];
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(place, token).map(([{ around }, value]) => fill(around, value)) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(place, fc.constantFrom(...KEYS, ...ownKeys), token)
        .map(([{ around, was }, key, value]) => fill(around, withKey(was, key, value))),
    },
    { weight: 1, arbitrary: place.map(({ around }) => fill(around, '')) },
    { weight: 1, arbitrary: fc.nat(text.length).map((length) => text.slice(0, length)) },
    { weight: 1, arbitrary: token },
  );
}

/** Bodies that are wrong as a whole. */
export const strangeBody: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ maxLength: 64 }) },
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 64 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '\ufeff{}',
      '{}{}',
      '\u0000',
      '['.repeat(100_000),
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`,
      `"${'x'.repeat(200_000)}"`,
      `{"data":"${'x'.repeat(1_000_000)}"}`,
    ),
  },
);
