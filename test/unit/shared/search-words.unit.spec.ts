import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstWords, indexWords, queryPrefixes, searchWords } from '../../../src/shared/read-models/search-words.ts';

/** Whether a search for a text finds a document with another text. */
function finds(query: string, text: string): boolean {
  const words = indexWords(text);
  return queryPrefixes(searchWords(query), 8).every((prefix) => words.some((word) => word.startsWith(prefix)));
}

describe('search words', () => {
  it.each([
    ['Crème BRÛLÉE-Set', ['creme', 'brulee', 'set']],
    ['order-536365/A', ['order', '536365', 'a']],
    ['Straße GROẞ ﬁne İstanbul Işık', ['strasse', 'gross', 'fine', 'istanbul', 'isik']],
    ['Οδυσσέας ὈΔΥΣΣΕΎΣ', ['οδυσσεασ', 'οδυσσευσ']],
    ['Łódź Ørsted Đorđe Æsir Œuvre Þór', ['lodz', 'orsted', 'dorde', 'aesir', 'oeuvre', 'thor']],
    ['Ёлка שָׁלוֹם مُحَمَّد', ['елка', 'שלום', 'محمد']],
    ['Ｗｉｄｅ ｶﾞﾗｽ ガラス カラス', ['wide', 'ガラス', 'カラス']],
    ['हिन्दी 한국어', ['हिन्दी', '한국어']],
    ['李小龍 iPhone手机壳', ['李小龍', 'iphone', '手机壳']],
    ['co\u00adop می\u200cخواهم one\u200btwo 1\ufe0f\u20e3', ['coop', 'میخواهم', 'one', 'two', '1']],
    ['a a A á', ['a']],
    [' …!? 🎉', []],
  ])('of %j are %j', (text, words) => {
    expect(searchWords(text)).toEqual(words);
  });

  it('stay the same when they are split again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const words = searchWords(text);
        expect(searchWords(words.join(' '))).toEqual(words);
      }),
    );
  });

  it('are the same for a text in lower case and in decomposed form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const words = searchWords(text);
        expect(searchWords(text.normalize('NFD'))).toEqual(words);
        expect(searchWords(text.toLowerCase())).toEqual(words);
      }),
    );
  });
});

describe('a search', () => {
  it.each([
    ['GROSS', 'Groß'],
    ['straß', 'STRASSE 9'],
    ['ΟΔΥΣ', 'Οδυσσέας'],
    ['ışık', 'Işık'],
    ['IŞIK', 'Işık'],
    ['isik', 'Işık'],
    ['ØRSTED', 'Ørsted'],
    ['orsted lod', 'Łódź Ørsted'],
    ['小', '李小龍'],
    ['小龍', '李小龍'],
    ['手机壳 iph', 'iPhone透明手机壳'],
    ['タワー', '東京タワー'],
    ['ไทย', 'ภาษาไทย'],
    ['ผ้าฝ้าย', 'เสื้อยืดผ้าฝ้ายสีขาว'],
  ])('for %j finds %j', (query, text) => {
    expect(finds(query, text)).toBe(true);
  });

  it.each([
    ['rulee', 'brulee'],
    ['龍小', '李小龍'],
    ['カラス', 'ガラス'],
    ['ผ้าไหม', 'เสื้อยืดผ้าฝ้ายสีขาว'],
  ])('for %j does not find %j', (query, text) => {
    expect(finds(query, text)).toBe(false);
  });

  it('for any part of a run without spaces finds the run', () => {
    const run = fc.array(fc.constantFrom('龍', '𠮷', 'ガ', 'ー', 'か\u3099', 'ก', 'น้ำ', 'ကျ', 'ភ្នំ'), { minLength: 1 });
    fc.assert(
      fc.property(run, fc.nat(), fc.integer({ min: 1, max: 60 }), (characters, from, length) => {
        const start = from % characters.length;
        expect(finds(characters.slice(start, start + length).join(''), characters.join(''))).toBe(true);
      }),
    );
  });

  it('for any prefix of a word finds the word, however long they are', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[aeéßłÆ]{1,200}$/u), fc.nat({ max: 200 }), (word, length) => {
        expect(finds([...word].slice(0, length).join(''), word)).toBe(true);
      }),
    );
  });

  it('compares at most the given number of prefixes, the first of each word before others', () => {
    const prefixes = queryPrefixes(['一二三四五六七八九十', 'a', 'b', 'c', 'd', 'e', '百千万億'], 8);
    expect(prefixes).toEqual(['一二三', 'a', 'b', 'c', 'd', 'e', '百千万', '四五六']);
  });
});

describe('the first words', () => {
  it('are unique, and at most 2,000', () => {
    const words = Array.from({ length: 2_100 }, (_, index) => `w${index}`);
    expect(firstWords(['w0', ...words])).toEqual(words.slice(0, 2_000));
  });

  it('are at most 32 KiB as JSON', () => {
    const words = Array.from({ length: 300 }, (_, index) => `${'龍'.repeat(61)}${100 + index}`);
    const json = JSON.stringify(firstWords(words));
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(32 * 1024);
    expect(Buffer.byteLength(json)).toBeGreaterThan(32 * 1024 - 200);
  });
});
