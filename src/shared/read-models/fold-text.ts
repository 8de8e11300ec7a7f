/**
 * Letters that fold to others although Unicode does not decompose them: letters with a stroke or a hook, and ligatures, as the
 * transform Latin-ASCII of Unicode CLDR maps them (https://github.com/unicode-org/cldr/blob/main/common/transforms/Latin-ASCII.xml);
 * and the sigma that ends a Greek word, which Unicode's case folding maps to the common one.
 */
const FOLDED_LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ æ: 'ae', œ: 'oe', þ: 'th', ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ł: 'l', ŋ: 'n', ŧ: 't', ĸ: 'q' },
    ...{ ƀ: 'b', ɓ: 'b', ƈ: 'c', ȼ: 'c', ɖ: 'd', ɗ: 'd', ɇ: 'e', ɛ: 'e', ƒ: 'f', ǥ: 'g', ɠ: 'g', ɨ: 'i', ɉ: 'j' },
    ...{ ƙ: 'k', ƚ: 'l', ɲ: 'n', ƞ: 'n', ƥ: 'p', ɍ: 'r', ƭ: 't', ʉ: 'u', ʋ: 'v', ɏ: 'y', ƴ: 'y', ƶ: 'z' },
    ς: 'σ',
  }),
);
const FOLDED_LETTER = new RegExp(`[${[...FOLDED_LETTERS.keys()].join('')}]`, 'gu');

/**
 * Marks that are accents. Marks of other scripts are vowels and stay. The marks of all scripts ("inherited") include the voiced sound
 * marks of Kana (U+3099, U+309A), which tell letters apart.
 */
const ACCENT = String.raw`[[\p{M}--[\u3099\u309A]]&&[\p{sc=Zinh}\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}\p{sc=Hebr}\p{sc=Arab}]]`;
/** Characters that nobody sees, such as joiners; but not the zero-width space, which separates words. */
const INVISIBLE = String.raw`[\p{Default_Ignorable_Code_Point}--\u200B]`;
const IGNORED = new RegExp(`[${ACCENT}${INVISIBLE}]`, 'gv');

/** A text without differences of case, accents and width: `Crème BRÛLÉE` becomes `creme brulee`; `Groß` becomes `gross`. */
export function foldText(text: string): string {
  const plain = text.normalize('NFKD').replaceAll(IGNORED, '');
  // ß has only a long upper case (SS), and ẞ becomes ß in lower case: it takes three steps to fold both.
  const folded = plain.toLowerCase().toUpperCase().toLowerCase();
  return folded.replaceAll(FOLDED_LETTER, (letter) => FOLDED_LETTERS.get(letter) ?? letter).normalize('NFC');
}
