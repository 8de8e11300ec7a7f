/**
 * The full Lucene syntax (https://learn.microsoft.com/azure/search/query-lucene-syntax) and the simple one
 * (https://learn.microsoft.com/azure/search/query-simple-syntax), as far as this stand-in has them.
 */
import { badRequest } from './rest-answer.ts';

/** A parsed query. */
export type QueryNode =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly nodes: readonly QueryNode[] }
  | TermNode;

export interface TermNode {
  readonly kind: 'term';
  /** Undefined: all fields that are searched. */
  readonly field: string | undefined;
  readonly text: string;
  /** The term and those that start with it. Neither these nor fuzzy terms are analyzed. */
  readonly prefix: boolean;
  /** Maximum edits of a fuzzy term; 0: not fuzzy. */
  readonly edits: number;
  readonly boost: number;
}

export interface Syntax {
  readonly queryType: 'simple' | 'full';
  /** How terms without an operator between them are combined. */
  readonly searchMode: 'any' | 'all';
}

interface Token {
  readonly kind: 'word' | '(' | ')' | 'AND' | 'OR' | 'end';
  readonly text: string;
}

const TOKEN = /\s*(?:(?<bracket>[()])|(?<word>(?:\\.|[^\s()\\])+))/gsy;
/** What has a meaning in Lucene's syntax, but not here. */
const UNSUPPORTED = /^[+\-!"/]|^(?:NOT|&&|\|\|)$|[?[\]{}"]/;
const TERM =
  /^(?:(?<field>\w+):)?(?<text>(?:\\.|[^\\:^~*])*)(?<star>\*)?(?:~(?<edits>\d?))?(?:\^(?<boost>\d+(?:\.\d+)?))?$/su;

/** Edits of a fuzzy term that names no number. */
const DEFAULT_EDITS = 2;

/** Parses the text of a search. Throws Refusal for what is wrong or not supported here. */
export function parseQuery(text: string, syntax: Syntax): QueryNode {
  if (text.trim() === '' || text.trim() === '*') return { kind: 'all' };
  return new Parser(tokensOf(text), syntax).parse();
}

function tokensOf(text: string): readonly Token[] {
  const tokens = [...text.matchAll(TOKEN)].map(({ groups }): Token => {
    const { bracket, word = '' } = groups ?? {};
    if (bracket === '(' || bracket === ')') return { kind: bracket, text: bracket };
    if (word === 'AND' || word === 'OR') return { kind: word, text: word };
    return { kind: 'word', text: word };
  });
  return [...tokens, { kind: 'end', text: '' }];
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #syntax: Syntax;
  #position = 0;

  constructor(tokens: readonly Token[], syntax: Syntax) {
    this.#tokens = tokens;
    this.#syntax = syntax;
  }

  parse(): QueryNode {
    const node = this.#alternatives();
    if (this.#next().kind !== 'end') throw badRequest('Failed to parse the query: a bracket is not closed.');
    return node;
  }

  #next(): Token {
    return this.#tokens[this.#position] ?? { kind: 'end', text: '' };
  }

  #take(kind: Token['kind']): boolean {
    const taken = this.#next().kind === kind;
    if (taken) this.#position += 1;
    return taken;
  }

  #alternatives(): QueryNode {
    const nodes = [this.#combination()];
    while (this.#take('OR')) nodes.push(this.#combination());
    return combined('or', nodes);
  }

  /** Terms with AND, or with nothing, between them. */
  #combination(): QueryNode {
    const nodes = [this.#clause()];
    for (;;) {
      if (this.#take('AND')) nodes.push(this.#clause());
      else if (this.#next().kind === 'word' || this.#next().kind === '(') {
        if (this.#syntax.searchMode === 'any') return combined('or', [combined('and', nodes), this.#combination()]);
        nodes.push(this.#clause());
      } else return combined('and', nodes);
    }
  }

  #clause(): QueryNode {
    if (this.#take('(')) {
      const node = this.#alternatives();
      if (!this.#take(')')) throw badRequest('Failed to parse the query: a bracket is not closed.');
      return node;
    }
    const { kind, text } = this.#next();
    if (!this.#take('word')) throw badRequest(`Failed to parse the query: a term is expected, not '${text || kind}'.`);
    return this.#term(text);
  }

  #term(word: string): TermNode {
    const found = UNSUPPORTED.test(word) ? undefined : TERM.exec(word)?.groups;
    if (!found?.text) throw badRequest(`The term '${word}' is wrong, or not supported here.`);
    const { field, text, star, edits, boost } = found;
    if (this.#syntax.queryType === 'simple' && [field, edits, boost].some((part) => part !== undefined)) {
      throw badRequest(`The term '${word}' is not supported here in the simple syntax.`);
    }
    return {
      ...{ kind: 'term', field, text: text.replaceAll(/\\(.)/gs, '$1') },
      prefix: star !== undefined,
      edits: edits === '' ? DEFAULT_EDITS : Number(edits ?? 0),
      boost: Number(boost ?? 1),
    };
  }
}

function combined(kind: 'and' | 'or', nodes: readonly QueryNode[]): QueryNode {
  const [only] = nodes;
  return only !== undefined && nodes.length === 1 ? only : { kind, nodes };
}
