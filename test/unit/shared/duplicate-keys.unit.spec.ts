import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateKey } from '../../../src/shared/http/duplicate-keys.ts';

describe('a key that occurs twice in one object', () => {
  it.each([
    ['{"a":1,"a":1}', 'a'],
    ['{"a":{"b":1},"a":2}', 'a'],
    ['[{"x":[{"b" : 1,\n"b"\t:2}]}]', 'b'],
    [String.raw`{"a":1,"\u0061":2}`, 'a'],
    [String.raw`{"q\"":1,"q\"":2}`, 'q"'],
    ['{"":1,"":2}', ''],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"a":[],"b":{},"a":1}', 'a'],
  ])('is found in %s', (json, key) => {
    expect(duplicateKey(json)).toBe(key);
  });

  it.each([
    '{}',
    '[]',
    '7',
    '"a"',
    '{"a":"a","b":"a"}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":["a","a"],"b":["a","a"]}',
    '{"a":"{\\"a\\":1","b":"}"}',
    String.raw`{"a":"\\","b":":"}`,
    '{"a":1,"A":2}',
  ])('is not reported in %s', (json) => {
    expect(duplicateKey(json)).toBeUndefined();
  });

  it('is not reported in any text that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom(0, 2), (value, space) => {
        expect(duplicateKey(JSON.stringify(value, null, space))).toBeUndefined();
      }),
    );
  });

  it('is found in a large body in linear time', () => {
    const text = 'x'.repeat(250_000);
    expect(duplicateKey(`{"a":"${text}","b":"${String.raw`\"`.repeat(50_000)}","b":1}`)).toBe('b');
  });
});
