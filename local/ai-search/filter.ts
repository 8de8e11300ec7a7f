/** Filters in OData's syntax: https://learn.microsoft.com/azure/search/query-odata-filter-orderby-syntax */
import type { Field } from './definition.ts';
import { badRequest } from './rest-answer.ts';
import type { StoredDocument } from './search-index.ts';

export type Matches = (document: StoredDocument) => boolean;

const TOKEN = /\s*(?:(?<text>'(?:[^']|'')*')|(?<number>-?\d+(?:\.\d+)?)|(?<word>\w+)|(?<bracket>[()]))/gy;

type Literal = string | number | boolean | null;

/** Compares a value, which is not null, with a literal. */
const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

/** Parses a filter. Throws Refusal for what is wrong or not supported here: functions, collections and dates. */
export function parseFilter(text: string, fields: readonly Field[]): Matches {
  return new FilterParser(text, fields).parse();
}

class FilterParser {
  readonly #text: string;
  readonly #tokens: readonly string[];
  readonly #fields: ReadonlyMap<string, Field>;
  #position = 0;

  constructor(text: string, fields: readonly Field[]) {
    this.#text = text;
    const matches = [...text.matchAll(TOKEN)];
    const length = matches.reduce((sum, [all]) => sum + all.length, 0);
    this.#tokens = matches.map(([all]) => all.trim());
    this.#fields = new Map(fields.map((field) => [field.name, field]));
    if (text.slice(length).trim() !== '') throw this.#wrong(`'${text.slice(length).trim()}' is not expected`);
  }

  parse(): Matches {
    const matches = this.#or();
    if (this.#position < this.#tokens.length) throw this.#wrong(`'${this.#tokens[this.#position]}' is not expected`);
    return matches;
  }

  #wrong(why: string) {
    return badRequest(`Invalid expression: ${why}.\r\nParameter name: $filter. The filter was: ${this.#text}`);
  }

  #take(token: string): boolean {
    const taken = this.#tokens[this.#position] === token;
    if (taken) this.#position += 1;
    return taken;
  }

  #or(): Matches {
    const some = [this.#and()];
    while (this.#take('or')) some.push(this.#and());
    return (document) => some.some((matches) => matches(document));
  }

  #and(): Matches {
    const all = [this.#unary()];
    while (this.#take('and')) all.push(this.#unary());
    return (document) => all.every((matches) => matches(document));
  }

  #unary(): Matches {
    if (this.#take('not')) {
      const matches = this.#unary();
      return (document) => !matches(document);
    }
    if (!this.#take('(')) return this.#comparison();
    const matches = this.#or();
    if (!this.#take(')')) throw this.#wrong('a bracket is not closed');
    return matches;
  }

  #comparison(): Matches {
    const [name = '', operator = '', token = ''] = this.#tokens.slice(this.#position, this.#position + 3);
    this.#position += 3;
    const field = this.#fields.get(name);
    if (field === undefined) throw this.#wrong(`could not find a property named '${name}'`);
    if (!field.filterable) throw this.#wrong(`'${name}' is not a filterable field`);
    const literal = this.#literal(token, field);
    if (operator === 'eq') return (document) => (document[name] ?? null) === literal;
    if (operator === 'ne') return (document) => (document[name] ?? null) !== literal;
    const compare = COMPARISONS[operator];
    if (compare === undefined) throw this.#wrong(`'${operator}' is not an operator`);
    if (typeof literal !== 'number') throw this.#wrong(`'${operator}' compares numbers only, and no null`);
    return (document) => {
      const value = document[name];
      return typeof value === 'number' && compare(value - literal);
    };
  }

  #literal(token: string, { name, type }: Field): Literal {
    if (token === 'null') return null;
    const isText = token.startsWith("'");
    if (type === 'Edm.String' && isText) return token.slice(1, -1).replaceAll("''", "'");
    if (type === 'Edm.Boolean' && (token === 'true' || token === 'false')) return token === 'true';
    if (/^Edm\.(Int32|Int64|Double)$/.test(type) && /^-?\d/.test(token)) return Number(token);
    throw this.#wrong(`'${name}' is of type ${type}, which cannot be compared with ${token}`);
  }
}
