/** How texts become terms: https://learn.microsoft.com/azure/search/index-add-custom-analyzers#built-in-analyzers */

export const ANALYZERS = ['standard.lucene', 'whitespace', 'keyword'] as const;
export type Analyzer = (typeof ANALYZERS)[number];

/** Words by the rules of Unicode (UAX 29), as Lucene's standard tokenizer has them. */
const WORDS = new Intl.Segmenter('en', { granularity: 'word' });
/** Lucene's limit of a token; longer ones are split. */
const MAX_TOKEN_LENGTH = 255;

/** The terms of a text. */
export function analyze(text: string, analyzer: Analyzer): readonly string[] {
  switch (analyzer) {
    case 'keyword':
      return text === '' ? [] : [text];
    case 'whitespace':
      return text
        .split(/\s+/)
        .filter((token) => token !== '')
        .flatMap(inParts);
    case 'standard.lucene':
      return [...WORDS.segment(text)]
        .filter(({ isWordLike }) => isWordLike)
        .flatMap(({ segment }) => inParts(segment.toLowerCase()));
  }
}

function inParts(token: string): readonly string[] {
  if (token.length <= MAX_TOKEN_LENGTH) return [token];
  return token.match(new RegExp(`.{1,${MAX_TOKEN_LENGTH}}`, 'gsu')) ?? [];
}
