import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lostInJson } from '../../../src/shared/http/lost-in-json.ts';

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
    expect(lostInJson(json)).toEqual({ duplicateKey: key });
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
    expect(lostInJson(json)).toBeUndefined();
  });

  it('is found in a large body in linear time', () => {
    const text = 'x'.repeat(250_000);
    expect(lostInJson(`{"a":"${text}","b":"${String.raw`\"`.repeat(50_000)}","b":1}`)).toEqual({
      duplicateKey: 'b',
    });
  });
});

describe('a number that JSON.parse rounds', () => {
  it.each([
    ['{"price":1e-400}', 'price'],
    ['{"price":29.99000000000000000001}', 'price'],
    ['{"price":29.990000000000001}', 'price'],
    ['{"items":[{"price":1},{"a":[1,2],"price":-0.10000000000000000001}]}', 'items.1.price'],
    ['{"a":{"b":[[1,2],[3,"x,y",9007199254740993]]}}', 'a.b.1.2'],
    ['{"a,[":{"\\u0062":{},"c":1e400}}', 'a,[.c'],
    ['1.0000000000000000000000000001', ''],
  ])('is found in %s', (json, path) => {
    expect(lostInJson(json)).toEqual({ roundedNumber: path });
  });

  it.each([
    '0',
    '-0',
    '0.0',
    '0e5',
    '0.10',
    '1.0',
    '1e2',
    '1E+2',
    '100e-2',
    '29.990',
    '29.99000000000000000000',
    '-29.99',
    '0.30000000000000004',
    '9007199254740992',
    '123456789012345680000',
    '10000000000000000000000000',
    '1e300',
    '5e-324',
    '"29.99000000000000000001"',
    '{"1e-400":"1e-400"}',
  ])('is not %s', (json) => {
    expect(lostInJson(json)).toBeUndefined();
  });

  it('is found in a large body in linear time', () => {
    expect(lostInJson(`[1.${'0'.repeat(250_000)}1]`)).toEqual({ roundedNumber: '0' });
  });
});

it('nothing is lost in any text that JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom(0, 2), (value, space) => {
      expect(lostInJson(JSON.stringify(value, null, space))).toBeUndefined();
    }),
  );
});
