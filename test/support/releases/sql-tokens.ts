/** A word, a literal or a sign of T-SQL. */
export interface Token {
  readonly text: string;
  /** Number of parentheses around the token. A parenthesis itself counts as inside. */
  readonly depth: number;
}

const COMMENT_OR_TOKEN = /\/\*[\s\S]*?\*\/|--.*|N?'(?:[^']|'')*'|@{0,2}\w+|<>|<=|>=|\S/g;

/** The tokens of a script, without comments. */
export function tokensOf(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (const [text] of sql.matchAll(COMMENT_OR_TOKEN)) {
    if (text.startsWith('/*') || text.startsWith('--')) continue;
    if (text === '(') depth++;
    tokens.push({ text, depth });
    if (text === ')') depth--;
  }
  return tokens;
}
