import { foldText } from './fold-text.ts';

/*
 * The words by which a search finds a document. A document stores `indexWords`; a query compares the starts of those words with its
 * `queryPrefixes`. Both fold and split text in the same way: a change here needs a new version of the projections that store words.
 */

/** Maximum code points of a word. The longest id that the API accepts is one word. */
const MAX_WORD_LENGTH = 64;
/** Maximum words of a document. */
export const MAX_INDEXED_WORDS = 2_000;
/** Maximum size of a document's words, in bytes of JSON. */
export const MAX_INDEXED_BYTES = 32 * 1024;

/** Scripts that are written without spaces between words. */
const UNSPACED = `[${['Hani', 'Hira', 'Kana', 'Bopo', 'Thai', 'Laoo', 'Khmr', 'Mymr'].map((script) => `\\p{scx=${script}}`).join('')}]`;
const UNSPACED_RUN = String.raw`[[\p{L}\p{N}]&&${UNSPACED}][[\p{L}\p{M}\p{N}]&&${UNSPACED}]*`;
const SPACED_WORD = String.raw`[[\p{L}\p{N}]--${UNSPACED}][[\p{L}\p{M}\p{N}]--${UNSPACED}]*`;
const WORD = new RegExp(`${UNSPACED_RUN}|${SPACED_WORD}`, 'gv');
const STARTS_UNSPACED = new RegExp(`^${UNSPACED}`, 'v');

/** Characters of a run without spaces that are indexed as a word: about one word of Chinese, or one syllable of Thai. */
const GRAM_LENGTH = 3;
/** A letter with the marks that follow it. */
const CHARACTER = /\P{M}\p{M}*/gu;

/**
 * The unique words of a text, without case and accents: `Crème BRÛLÉE-Set` becomes creme, brulee, set. In scripts without spaces, a
 * run of letters is one word.
 */
export function searchWords(text: string): readonly string[] {
  return [...new Set(foldText(text).match(WORD) ?? [])];
}

/** The words that a document stores for a text. A run without spaces has one from each character on, so that any part is found. */
export function indexWords(text: string): readonly string[] {
  return searchWords(text).flatMap((word) => {
    if (!STARTS_UNSPACED.test(word)) return [clip(word)];
    const characters = charactersOf(word);
    return characters.map((_, start) => gram(characters, start));
  });
}

/** The unique words among these, until a document has as many as it may hold: `MAX_INDEXED_WORDS` or `MAX_INDEXED_BYTES`. */
export function firstWords(words: Iterable<string>): readonly string[] {
  const unique = new Set<string>();
  let bytes = '[]'.length;
  for (const word of words) {
    if (unique.has(word)) continue;
    bytes += Buffer.byteLength(word) + '"",'.length;
    if (bytes > MAX_INDEXED_BYTES || unique.size === MAX_INDEXED_WORDS) break;
    unique.add(word);
  }
  return [...unique];
}

/**
 * The prefixes that a document's words must have to match all words of a query. A long run without spaces has several. When all have
 * more than `max` prefixes, each word keeps its first ones, and the query may find more than it asks for.
 */
export function queryPrefixes(words: readonly string[], max: number): readonly string[] {
  const prefixes = words.flatMap((word) => prefixesOf(word).map((prefix, position) => ({ prefix, position })));
  const firstOfEachWord = prefixes.toSorted((a, b) => a.position - b.position).map(({ prefix }) => prefix);
  return [...new Set(firstOfEachWord)].slice(0, max);
}

function prefixesOf(word: string): readonly string[] {
  if (!STARTS_UNSPACED.test(word)) return [clip(word)];
  const characters = charactersOf(word);
  const lastStart = Math.max(0, characters.length - GRAM_LENGTH);
  const count = Math.ceil(characters.length / GRAM_LENGTH);
  return Array.from({ length: count }, (_, index) => gram(characters, Math.min(index * GRAM_LENGTH, lastStart)));
}

function charactersOf(word: string): readonly string[] {
  return word.match(CHARACTER) ?? [];
}

function gram(characters: readonly string[], start: number): string {
  return clip(characters.slice(start, start + GRAM_LENGTH).join(''));
}

/** Cuts a word at its maximum length. A word that starts with another one still does so when both are cut. */
function clip(word: string): string {
  return word.length <= MAX_WORD_LENGTH ? word : [...word].slice(0, MAX_WORD_LENGTH).join('');
}
