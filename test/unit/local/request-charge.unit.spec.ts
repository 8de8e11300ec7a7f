import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { termCounter } from '../../../local/cosmos-db/index-terms.ts';
import { chargeOf, writeCharge } from '../../../local/cosmos-db/request-charge.ts';

const KB = 1024;

/** Microsoft's table, which says nothing about the index: https://learn.microsoft.com/azure/cosmos-db/key-value-store-cost */
const tableCharge = (bytes: number) => 5 * hundredths(1 + (Math.max(0, Math.ceil(bytes / KB) - 1) * 9) / 99);
const hundredths = (requestUnits: number) => Math.round(requestUnits * 100) / 100;

describe('the charge of a write', () => {
  it('is 5 RU for 1 KB and 50 for 100 KB, with few indexed terms', () => {
    expect([writeCharge(KB, 0), writeCharge(KB, 5), writeCharge(100 * KB, 5)]).toEqual([5, 5, 50]);
  });

  it('is 0.2 RU more for each further term', () => {
    expect([writeCharge(KB, 6), writeCharge(KB, 10)]).toEqual([5.2, 6]);
  });

  it('is never less than the table says, and grows with the size and with the terms', () => {
    const [bytes, terms] = [fc.nat({ max: 2 * KB * KB }), fc.nat({ max: 5_000 })];
    fc.assert(
      fc.property(bytes, terms, fc.nat({ max: KB }), (size, count, more) => {
        const charge = chargeOf(false, { bytes: size, terms: count });
        // A read is rounded to a hundredth, of which a write costs five.
        expect(charge).toBeGreaterThanOrEqual(tableCharge(size) - 0.03);
        expect(writeCharge(size + more, count)).toBeGreaterThanOrEqual(charge);
        expect(writeCharge(size, count + more)).toBeGreaterThanOrEqual(charge);
      }),
    );
  });
});

describe('the terms that a write changes in the index', () => {
  const document = {
    id: 'a',
    status: 'new',
    words: ['desk', 'lamp'],
    address: { city: 'Seattle', zip: '98101' },
    _etag: 'e',
  };

  it('are all values of a new or a deleted document without a policy', () => {
    expect(termCounter()(undefined, document)).toBe(6);
    expect(termCounter()(document, undefined)).toBe(6);
  });

  it('are those that a replaced document loses and gains', () => {
    const after = { ...document, status: 'old', words: ['desk', 'chair'] };
    expect(termCounter()(document, after)).toBe(2 + 2);
    expect(termCounter()(document, { ...document })).toBe(0);
  });

  it.each([
    [['/status/?', '/words/[]/?'], ['/*'], 3],
    [['/address/*'], ['/*'], 2],
    [['/*'], ['/address/*', '/"_etag"/?'], 4],
    [['/*'], ['/address/zip/?'], 5],
    [[], ['/*'], 0],
  ])('are of included paths %j without %j: %d', (included, excluded, count) => {
    const toPaths = (paths: readonly string[]) => paths.map((path) => ({ path }));
    const countTerms = termCounter({ includedPaths: toPaths(included), excludedPaths: toPaths(excluded) });
    expect(countTerms(undefined, document)).toBe(count);
  });

  it('are those that only one of the two documents has, however similar they are', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const json = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value);
    const termsOf = (of: unknown, path: string): readonly string[] =>
      typeof of === 'object' && of !== null
        ? Object.entries(of).flatMap(([name, one]) => termsOf(one, `${path}/${Array.isArray(of) ? '[]' : name}`))
        : [String([path, of])];
    fc.assert(
      fc.property(json, json, json, (one, other, shared) => {
        const [before, after] = [
          { ...one, ...shared },
          { ...other, ...structuredClone(shared) },
        ];
        const [removed, added] = [before, after].map((document) => new Set(termsOf(document, '')));
        const all = new Set([...(removed ?? []), ...(added ?? [])]);
        const changed = [...all].filter((term) => removed?.has(term) !== added?.has(term));
        expect(termCounter()(before, after)).toBe(changed.length);
      }),
    );
  });

  it('are none in a container that is not indexed', () => {
    expect(termCounter({ indexingMode: 'none' })(undefined, document)).toBe(0);
  });
});
